import { randomOf } from '../base/random.ts'
import { type Table, tableOf } from '../io/index.ts'
import { WatermarkKey } from './key.ts'

/** A key that is the same each time. */
export const keyOf = (seed: number): WatermarkKey => {
  const random = randomOf(seed)
  return new WatermarkKey(Uint8Array.from({ length: 32 }, () => random.below(256)))
}

/** A machine's states by seven sensors and a mode. */
export function machine(rows: number, seed: number): Table {
  const random = randomOf(seed)
  const lines = Array.from({ length: rows }, () => {
    const state = random.below(3)
    const cells = Array.from({ length: 7 }, (_, i) => (random.normal() + (i % 3 === state ? 3 : 0)).toFixed(4))
    return [...cells, ['idle', 'slow', 'fast'][random.below(3)], ['good', 'worn', 'broken'][state]].join(',')
  })
  return tableOf(`a,b,c,d,e,f,g,mode,state\n${lines.join('\n')}\n`)
}
