/**
 * PyTorch's `torch.randn` on a CPU, which the published sums of stochastic
 * samplers were made with: the generator MT19937 (Matsumoto and Nishimura,
 * 1998), 24 bits of each number, and Box and Muller's transform on blocks of
 * 16.
 */

const LENGTH = 624;

/** Numbers of 32 bits, from a seed. */
function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(LENGTH);
  state[0] = seed;
  for (let i = 1; i < LENGTH; i++) {
    const last = state[i - 1] ^ (state[i - 1] >>> 30);
    state[i] = Math.imul(1812433253, last) + i;
  }
  let index = LENGTH;
  return () => {
    if (index === LENGTH) {
      for (let i = 0; i < LENGTH; i++) {
        const y = (state[i] & 0x80000000) |
          (state[(i + 1) % LENGTH] & 0x7fffffff);
        state[i] = state[(i + 397) % LENGTH] ^ (y >>> 1) ^
          (y & 1 ? 0x9908b0df : 0);
      }
      index = 0;
    }
    let y = state[index++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}

/**
 * What `torch.manual_seed(seed)` and calls of `torch.randn` give.
 *
 * @param seed Seed.
 * @returns Draws as many numbers as asked for, a multiple of 16.
 */
export function torchNormals(seed: number): (count: number) => Float32Array {
  const draw = mersenneTwister(seed);
  return (count) => {
    const values = Float32Array.from(
      { length: count },
      () => (draw() & 0xffffff) / 2 ** 24,
    );
    for (let block = 0; block < count; block += 16) {
      for (let i = block; i < block + 8; i++) {
        const radius = Math.sqrt(-2 * Math.log(1 - values[i]));
        const angle = 2 * Math.PI * values[i + 8];
        values[i] = radius * Math.cos(angle);
        values[i + 8] = radius * Math.sin(angle);
      }
    }
    return values;
  };
}
