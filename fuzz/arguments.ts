import { parseArgs } from 'node:util'

export interface FuzzArguments {
  readonly target: string
  readonly seconds: number
  readonly seed: number | null
  readonly json: boolean
}

/** Reads the command line; throws an Error with what is wrong in words. */
export function readArguments(argv: readonly string[], targets: readonly string[]): FuzzArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { seconds: { type: 'string' }, seed: { type: 'string' }, json: { type: 'boolean' } },
  })
  const [target = '', ...rest] = positionals
  if (!targets.includes(target)) throw new Error(`name a target: ${targets.join(', ')}`)
  if (rest.length > 0) throw new Error(`one target at a time, not also ${rest.join(', ')}`)
  const seconds = values.seconds === undefined ? 60 : Number(values.seconds)
  if (!(seconds > 0 && Number.isFinite(seconds))) throw new Error('--seconds takes a number above 0')
  const seed = values.seed === undefined ? null : Number(values.seed)
  if (seed !== null && !Number.isInteger(seed)) throw new Error('--seed takes a whole number')
  return { target, seconds, seed, json: values.json === true }
}
