import { Environment } from '@marcbachmann/cel-js'
import { SharedSeries } from '../../../packages/gateway/src/lanes/series.ts'
import { compileCel, type Run, type Scope } from '../../../packages/gateway/src/profile/cel/index.ts'
import { compileLaw } from '../../../packages/gateway/src/profile/law/index.ts'
import type { Law } from '../../../packages/gateway/src/profile/types.ts'
import { alone, beside, type Line, progress } from '../base/report.ts'
import { inTurns } from '../base/turns.ts'
import type { Setting } from './bench.ts'

const NAMES = ['level', 'inflow', 'outflow', 'mode']
const STATES = ['shutdown', 'start-up', 'normal']

/** Milliseconds from one message to the next. */
const PERIOD = 500

const BALANCE = {
  name: 'mass balance',
  on: ['level'],
  values: Object.fromEntries(NAMES.map(name => [name, name])),
  when: "mode != 'shutdown'",
  residual: '0.4 * delta(level) - (integral(inflow) - integral(outflow)) / 1000',
  tolerance: 0.016,
  stale: '5s',
  drift: { window: '60s', sum: 0.02 },
}

/** The same arithmetic without the functions that only a law has, once as both languages write it. */
const EXPRESSION = "mode != 'shutdown' && 0.4 * level - (inflow - outflow) / 1000.0 < 0.5"

/** Microseconds of one law over four values, judged and learned; and of one condition beside a full CEL. */
export async function* invariant({ options }: Setting): AsyncGenerator<Line> {
  const count = options.quick ? 20_000 : 2_000_000
  const contenders = [
    { name: 'law', run: lawRuns() },
    { name: 'ringwall', run: ownRuns() },
    { name: 'cel-js', run: theirRuns() },
  ]
  const results = await inTurns(contenders, options.rounds, options.seed, async ({ name, run }, round) => {
    const began = performance.now()
    const wrong = run(count)
    const each = ((performance.now() - began) * 1000) / count
    if (wrong !== 0) throw new Error(`${name} was wrong ${wrong} times`)
    progress(`invariant round ${round} ${name}: ${each.toFixed(3)} us`)
    return each
  })
  const line = { bench: 'invariant', metric: 'time', unit: 'us' }
  yield alone({ ...line, case: 'law over four values, judged and learned' }, results.get('law')!)
  const condition = { ...line, case: 'condition over four values' }
  yield beside(condition, results.get('ringwall')!, 'cel-js', results.get('cel-js')!)
}

/** Messages of a tank that fills as its flows say, so that the law holds; returns the number of breaches. */
function lawRuns(): (count: number) => number {
  const law = compile()
  const series = new SharedSeries(NAMES.length)
  const words = new Float64Array(512)
  const message = { time: 1_700_000_000_000, level: 1, value: (id: number) => (id === 0 ? message.level : Number.NaN) }
  return count => {
    let breaches = 0
    for (let i = 0; i < count; i++) {
      message.time += PERIOD
      message.level = (i % 2) * 0.001 + 1
      series.write(1, 5, message.time)
      series.write(2, 5, message.time)
      series.write(3, 2, message.time)
      if (law.judge(message, series, words, 64) !== null) breaches++
      law.learn(message, series, words, 64)
      series.write(0, message.level, message.time)
    }
    return breaches
  }
}

function compile(): Law {
  const table = {
    find: (name: string) => ({ series: NAMES.indexOf(name), unit: '', states: name === 'mode' ? STATES : [] }),
  }
  const result = compileLaw(BALANCE, table, { field: '' })
  if (!result.ok) throw new Error(result.problems.map(each => each.what).join('; '))
  return result.compiled.law
}

/** Returns how often the condition did not hold. */
function ownRuns(): (count: number) => number {
  const scope: Scope = {
    names: NAMES,
    find: name => ({ slot: NAMES.indexOf(name), states: name === 'mode' ? STATES : [] }),
    derivations: [],
    derive: () => -1,
  }
  const run: Run = compileCel(EXPRESSION, scope).run
  const frame = Float64Array.of(1, 5, 5, 2)
  return count => {
    let wrong = 0
    for (let i = 0; i < count; i++) {
      frame[0] = (i % 2) * 0.001 + 1
      if (run(frame) !== 1) wrong++
    }
    return wrong
  }
}

function theirRuns(): (count: number) => number {
  const environment = new Environment().registerVariable('mode', 'string')
  for (const name of NAMES.slice(0, 3)) environment.registerVariable(name, 'double')
  const run = environment.parse(EXPRESSION)
  const values = { level: 1, inflow: 5, outflow: 5, mode: 'normal' }
  return count => {
    let wrong = 0
    for (let i = 0; i < count; i++) {
      values.level = (i % 2) * 0.001 + 1
      if (run(values) !== true) wrong++
    }
    return wrong
  }
}
