import { compileCel, type Scope } from './index.ts'

/** A scope of numbers `a` to `d`, conditions `p` and `q`, and the state `mode`. */
export const STATES = ['shutdown', 'start-up', 'normal']
const VARIABLES = ['a', 'b', 'c', 'd', 'p', 'q', 'mode', 'other']

export const scope: Scope = {
  names: VARIABLES,
  find(name) {
    const slot = VARIABLES.indexOf(name)
    if (slot === -1) return undefined
    const states =
      name === 'mode' ? STATES : name === 'other' ? ['x'] : slot === 4 || slot === 5 ? ['false', 'true'] : []
    return { slot, states }
  },
  derivations: ['delta'],
  derive: (_, variable) =>
    variable === 'mode' ? 'delta takes a number, not a state' : 8 + VARIABLES.indexOf(variable),
}

/** Evaluates over values by name; what is not given is no value. */
export function evaluate(source: string, values: Readonly<Record<string, number>> = {}): number {
  const frame = new Float64Array(16).fill(Number.NaN)
  for (const [name, value] of Object.entries(values)) {
    const delta = /^delta_(.)$/.exec(name)
    frame[delta === null ? VARIABLES.indexOf(name) : 8 + VARIABLES.indexOf(delta[1])] = value
  }
  return compileCel(source, scope).run(frame)
}
