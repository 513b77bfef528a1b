import { learnTable, tableOf, writeModel } from '@ringwall/learn/io'
import { type Happening, happening } from '../../evidence/happening.ts'
import { COLUMN_NAMES, SessionWindows, SIZE_COLUMNS } from '../../evidence/sessions/index.ts'

export const SIZE = { span: 1_000, most: 10 }
export const BEGAN = Date.UTC(2026, 0, 5)

/** A device that says something every 300 ms; the n-th, a little different from the others. */
export function calm(n: number, connection = n): Happening[] {
  const common = { device: `pump-${n}`, address: `10.0.0.${n % 250}`, connection }
  return [
    happening({ ...common, kind: 'opened', time: BEGAN }),
    happening({ ...common, kind: 'connect', time: BEGAN + 10 + n, keepAlive: 60, clean: true }),
    happening({ ...common, kind: 'connack', time: BEGAN + 20 + n, code: 'accepted' }),
    ...Array.from({ length: 12 }, (_, i) =>
      happening({
        ...common,
        kind: 'publish',
        time: BEGAN + (300 + n) * i + 30 + n,
        topic: 'plant/x',
        bytes: 20 + (n % 7),
      }),
    ),
  ]
}

/** The same with messages as fast as it can. */
export function flood(n: number, connection = n): Happening[] {
  const [opened, connect, connack] = calm(n, connection)
  const { device, address } = opened
  const messages = Array.from({ length: 60 }, (_, i) =>
    happening({
      kind: 'publish',
      device,
      address,
      connection,
      time: connack.time + 2 * i,
      topic: 'plant/x',
      bytes: 20,
    }),
  )
  return [opened, connect, connack, ...messages]
}

/** The n-th device with messages of a size, as many milliseconds apart. */
export function paced(n: number, pace: number, bytes: number): Happening[] {
  const [opened, connect, connack] = calm(n)
  const { device, address, connection } = opened
  const common = { kind: 'publish', device, address, connection, topic: 'plant/x', bytes } as const
  const messages = Array.from({ length: 24 }, (_, i) => happening({ ...common, time: connack.time + pace * i }))
  return [opened, connect, connack, ...messages]
}

/** A table of both, as `ringwall learn sessions` makes it. */
export function sessionTable(): string {
  const lines = [[...SIZE_COLUMNS, ...COLUMN_NAMES, 'label'].join(',')]
  for (const [label, make] of [
    ['benign', calm],
    ['flood', flood],
  ] as const) {
    const windows = new SessionWindows(SIZE, ({ values }) => {
      const cells = Array.from(values, value => (Number.isNaN(value) ? '' : String(value)))
      lines.push([SIZE.span / 1_000, SIZE.most, ...cells, label].join(','))
    })
    for (let n = 0; n < 30; n++) for (const each of make(n)) windows.take(each)
    windows.flush()
  }
  return `${lines.join('\n')}\n`
}

/** A model file of boosted trees of what a table's column of labels says. */
export const modelOf = async (csv: string, label = 'label'): Promise<string> =>
  writeModel(await learnTable(tableOf(csv), { label, algorithm: 'boosting', date: '2026-01-05T00:00:00Z' }))
