/** What draws are for. A seed's remainder says it, so that no two uses share a stream, whatever `--seed` is. */
const USES = ['learn', 'first', 'second', 'held', 'start', 'fault', 'choice'] as const
const PLACES = 8
/** Runs of one use. */
const RUNS = 1_000

/** The seed of a run of the plant. */
export function plantSeed(use: (typeof USES)[number], seed: number, run = 0): number {
  return PLACES * (RUNS * seed + run) + USES.indexOf(use)
}
