import { describe, expect, test } from 'vitest'
import { EncoderLayer } from '../networks/encoder.ts'
import { attend } from '../ops/attention.ts'
import { ACTIVATIONS, type Activation, Dense } from '../ops/dense.ts'
import { dropout } from '../ops/dropout.ts'
import { Gru } from '../ops/gru.ts'
import { Lstm } from '../ops/lstm.ts'
import { LayerNorm } from '../ops/norm.ts'
import { add, addTable, last, repeat } from '../ops/rows.ts'
import { attention, layerNorm } from './attention.ts'
import { BUILDS, compare, DRAWS, type Pair } from './harness.ts'
import { dense, plus, type Rows } from './linear.ts'
import { dropoutMask } from './optimize.ts'
import { gru, lstm } from './recurrent.ts'

/** An encoder's layer of three heads, over two samples of three steps. */
function encoderTwin(x: Rows, t: Readonly<Record<string, Rows>>): Rows {
  const part = (rows: Rows, name: string, activation: Activation) =>
    dense(rows, t[`e.${name}.weight`], t[`e.${name}.bias`][0], activation)
  const norm = (rows: Rows, name: string) => layerNorm(rows, t[`e.${name}.gain`][0], t[`e.${name}.bias`][0])
  const joined = part(x, 'attention.in', 'none')
  const attended = [...attention(joined.slice(0, 3), 3), ...attention(joined.slice(3), 3)]
  const middle = norm(plus(part(attended, 'attention.out', 'none'), x), 'norm1')
  return norm(plus(part(part(middle, 'forward1', 'relu'), 'forward2', 'none'), middle), 'norm2')
}

/** Every operation, at sizes that are no multiple of anything. */
const PAIRS: Record<string, Pair> = {
  'layer norm': {
    rows: 5,
    columns: 7,
    declare: plan => {
      const norm = new LayerNorm(plan, 'n', 7)
      return (tape, x) => norm.record(tape, x, null)
    },
    twin: (x, { 'n.gain': [gain], 'n.bias': [bias] }) => layerNorm(x, gain, bias),
  },
  'layer norm of a sum, whose parts come from one value': {
    rows: 5,
    columns: 6,
    declare: plan => {
      const layer = new Dense(plan, 'd', { inputs: 6, outputs: 6 }, 'tanh')
      const norm = new LayerNorm(plan, 'n', 6)
      return (tape, x) => norm.record(tape, layer.record(tape, x), x)
    },
    twin: (x, { 'd.weight': w, 'd.bias': [b], 'n.gain': [gain], 'n.bias': [bias] }) =>
      layerNorm(plus(dense(x, w, b, 'tanh'), x), gain, bias),
  },
  'a sum, and a value that is used three times': {
    rows: 3,
    columns: 5,
    declare: plan => {
      const layer = new Dense(plan, 'd', { inputs: 5, outputs: 5 }, 'sigmoid')
      return (tape, x) => add(tape, add(tape, layer.record(tape, x), x), x)
    },
    twin: (x, { 'd.weight': w, 'd.bias': [b] }) => plus(plus(dense(x, w, b, 'sigmoid'), x), x),
  },
  'a table that is added': {
    rows: 6,
    columns: 3,
    declare: plan => {
      const table = plan.add({ name: 't', rows: 3, columns: 3, decays: false, start: () => 0.5 })
      const layer = new Dense(plan, 'd', { inputs: 3, outputs: 2 }, 'tanh')
      return (tape, x) => layer.record(tape, addTable(tape, x, table, 3))
    },
    still: ['t'],
    twin: (x, { t, 'd.weight': w, 'd.bias': [b] }) => dense(plus(x, [...t, ...t]), w, b, 'tanh'),
  },
  'dropout, of a value that is used once more': {
    rows: 9,
    columns: 5,
    drops: true,
    declare: plan => {
      const layer = new Dense(plan, 'd', { inputs: 5, outputs: 5 }, 'tanh')
      return (tape, x) => add(tape, dropout(tape, layer.record(tape, x), 0.25), x)
    },
    twin: (x, { 'd.weight': w, 'd.bias': [b] }) => {
      // Rows of five lie eight apart, and the padding is drawn for as well.
      const { kept } = dropoutMask(9 * 8, 0.25, DRAWS)
      const y = dense(x, w, b, 'tanh').map((row, i) => row.map((value, j) => (kept[8 * i + j] ? value / 0.75 : 0)))
      return plus(y, x)
    },
  },
  'rows repeated over steps': {
    rows: 2,
    columns: 5,
    declare: () => (tape, x) => repeat(tape, x, 3),
    twin: x => [...x, ...x, ...x],
  },
  'last rows': {
    rows: 6,
    columns: 5,
    declare: () => (tape, x) => last(tape, x, 3),
    twin: x => [x[2], x[5]],
  },
  'attention of two heads': {
    rows: 10,
    columns: 5,
    declare: plan => {
      const layer = new Dense(plan, 'd', { inputs: 5, outputs: 18, outputGroups: 6 }, 'none')
      const out = new Dense(plan, 'o', { inputs: 6, inputGroups: 2, outputs: 3 }, 'none')
      return (tape, x) => out.record(tape, attend(tape, layer.record(tape, x), { batch: 2, steps: 5, heads: 2 }))
    },
    twin: (x, { 'd.weight': w, 'd.bias': [b], 'o.weight': v, 'o.bias': [c] }) => {
      const joined = dense(x, w, b, 'none')
      return dense([...attention(joined.slice(0, 5), 2), ...attention(joined.slice(5), 2)], v, c, 'none')
    },
  },
  "a Transformer encoder's layer": {
    rows: 6,
    columns: 6,
    declare: plan => {
      const layer = new EncoderLayer(plan, 'e', { width: 6, heads: 3, feedForward: 5, dropout: 0 })
      return (tape, x) => layer.record(tape, x, 2, 3)
    },
    twin: encoderTwin,
  },
  "a Transformer encoder's layer, of which the last steps are asked for": {
    rows: 6,
    columns: 6,
    declare: plan => {
      const layer = new EncoderLayer(plan, 'e', { width: 6, heads: 3, feedForward: 5, dropout: 0 })
      return (tape, x) => layer.recordLast(tape, x, 2, 3)
    },
    twin: (x, tensors) => {
      const all = encoderTwin(x, tensors)
      return [all[2], all[5]]
    },
  },
}

for (const activation of Object.keys(ACTIVATIONS) as Activation[]) {
  for (const [rows, inputs, outputs] of [
    [1, 1, 1],
    [5, 7, 3],
    [67, 4, 9],
    [13, 5, 18],
  ]) {
    PAIRS[`dense, ${activation}, ${rows} x ${inputs} to ${outputs}`] = {
      rows,
      columns: inputs,
      declare: plan => {
        const layer = new Dense(plan, 'd', { inputs, outputs }, activation)
        return (tape, x) => layer.record(tape, x)
      },
      twin: (x, { 'd.weight': w, 'd.bias': [b] }) => dense(x, w, b, activation),
    }
  }
}

for (const kind of ['gru', 'lstm'] as const) {
  for (const [batch, units, every] of [
    [1, 3, false],
    [3, 5, true],
    [7, 4, false],
    [2, 6, true],
  ] as const) {
    const [steps, inputs] = [4, 3]
    PAIRS[`${kind}, ${batch} samples, ${units} units, ${every ? 'every state' : 'the last state'}`] = {
      rows: steps * batch,
      columns: inputs,
      declare: plan => {
        const layer = kind === 'gru' ? new Gru(plan, 'c', inputs, units) : new Lstm(plan, 'c', inputs, units)
        return (tape, x) => layer.record(tape, x, { steps, batch, every }).y
      },
      twin: (x, { 'c.input': input, 'c.state': state, 'c.bias': [bias], 'c.new': inner }) => {
        const states = Array.from({ length: batch }, (_, i) => {
          const rows = x.filter((_row, at) => at % batch === i)
          return kind === 'gru'
            ? gru(rows, { input, state, bias, inner: inner[0] })
            : lstm(rows, { input, state, bias })
        })
        return every
          ? Array.from({ length: steps * batch }, (_, at) => states[at % batch][Math.floor(at / batch)])
          : states.map(each => each[steps - 1])
      },
    }
  }
}

describe.each(Object.keys(BUILDS))('the %s kernels', build => {
  test.each(Object.keys(PAIRS))('%s: results and every gradient are the twin’s', name => {
    const { output, gradient } = compare(PAIRS[name], BUILDS[build])
    expect(output).toBeLessThan(3e-6)
    expect(gradient).toBeLessThan(3e-5)
  })
})
