/**
 * Policy optimisation on transitions of the denoising chain.
 *
 * @module
 */
export { gaussianKl } from "./gaussian_kl.ts";
export {
  policyLoss,
  type PolicyLossInput,
  type PolicyLossOptions,
} from "./policy_loss.ts";
