import type { Errors, Scale } from '../../series/net-scorer.ts'
import type { ResidualModel, ResidualStream } from './residual.ts'

/** The residual of one sensor by a net that gives whole rows: the same net serves several sensors. */
export function netResidual(
  name: string,
  sensor: number,
  chosen: readonly number[],
  scale: Scale,
  errors: Errors,
): ResidualModel {
  const warmUp = errors.ahead ? errors.steps : errors.steps - 1
  const place = chosen.indexOf(sensor)
  const stream = (window: Float32Array, seen: number): ResidualStream => {
    const row = new Float32Array(chosen.length)
    let rows = seen
    return {
      bytes: window.byteLength + row.byteLength,
      push(values) {
        for (const [i, column] of chosen.entries()) row[i] = (values[column] - scale.mean[i]) * scale.factor[i]
        const ready = rows++ >= warmUp
        if (!errors.ahead) slide(window, row)
        const given = ready ? errors.given(window) : null
        const from = given === null ? 0 : given.length - row.length
        const residual = given === null ? Number.NaN : (row[place] - given[from + place]) / scale.factor[place]
        if (errors.ahead) slide(window, row)
        return residual
      },
      copy: () => stream(window.slice(), rows),
    }
  }
  return { name, sensor, warmUp, stream: () => stream(new Float32Array(errors.steps * chosen.length), 0) }
}

function slide(window: Float32Array, row: Float32Array): void {
  window.copyWithin(0, row.length)
  window.set(row, window.length - row.length)
}
