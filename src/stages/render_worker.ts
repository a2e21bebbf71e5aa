/**
 * Renders procedural people in a worker: a task comes in, a person goes out.
 *
 * @module
 */
import { type PersonTask, renderPerson } from "./render_person.ts";

/** The worker's side of the channel; the type of a window's lacks the list of what is handed over. */
const scope = self as unknown as {
  onmessage: (event: MessageEvent<PersonTask>) => void;
  postMessage: (message: unknown, transfer: Transferable[]) => void;
};

scope.onmessage = ({ data }) => {
  try {
    const person = renderPerson(data);
    scope.postMessage({ person }, [person.images.buffer as ArrayBuffer]);
  } catch (error) {
    // Thrown here, it would be printed and end the worker.
    scope.postMessage({ error }, []);
  }
};
