import { expect, test } from 'vitest'
import { RingwallError } from '../base/error.ts'
import { createProgram, type Outcome, run, runs, verb } from './verb.ts'

/** Runs a command line on a program with one verb; gives its status and what it printed. */
async function call(args: string[], act: (args: readonly string[], options: object) => Outcome | Promise<Outcome>) {
  const printed = { out: '', err: '' }
  const program = createProgram('1.2.3').configureOutput({
    writeOut: text => {
      printed.out += text
    },
    writeErr: text => {
      printed.err += text
    },
  })
  runs(verb(program, { name: 'look [names...]', summary: 'Look.', example: 'ringwall look a' }).option('--deep'), act)
  return { status: await run(program, args), ...printed }
}

const found = (args: readonly string[], options: object): Outcome => ({
  status: 1,
  text: `${args.join('+')}\n`,
  json: { args, options },
})

test('the outcome is printed as text, or as JSON', async () => {
  expect(await call(['look', 'a', 'b'], found)).toEqual({ status: 1, out: 'a+b\n', err: '' })
  const { status, out } = await call(['look', '--json', '--deep'], async (...all) => found(...all))
  expect([status, JSON.parse(out)]).toEqual([1, { args: [], options: { json: true, deep: true } }])
})

test('an error of ours is one block, or JSON', async () => {
  const fail = () => {
    throw new RingwallError('a_code', 'x is wrong', 'Do y.', { file: 'f' })
  }
  expect(await call(['look'], fail)).toEqual({
    status: 2,
    out: '',
    err: 'error a_code\n  what   x is wrong\n  where  f\n  do     Do y.\n',
  })
  const { status, out, err } = await call(['look', '--json'], fail)
  expect([status, JSON.parse(out), err]).toEqual([
    2,
    { error: { code: 'a_code', what: 'x is wrong', hint: 'Do y.', place: { file: 'f' } } },
    '',
  ])
})

test('usage that the parser refuses is JSON too where that was asked for', async () => {
  const { status, out, err } = await call(['look', '--json', '--nope'], found)
  const what = "unknown option '--nope'"
  expect([status, JSON.parse(out)]).toEqual([
    2,
    { error: { code: 'usage', what, hint: 'See --help for an example.', place: {} } },
  ])
  expect(err).toBe('')
  expect((await call(['look', '--nope'], found)).err).toBe(
    `error usage\n  what   ${what}\n  do     See --help for an example.\n`,
  )
  expect(await call(['look', '--help'], found)).toMatchObject({ status: 0, err: '' })
})

test('an error of anybody else is reported and is no success', async () => {
  const result = await call(['look'], () => Promise.reject(new TypeError('oops')))
  expect(result).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^error internal\n {2}what {3}TypeError: oops/),
  })
})

test('wrong usage is 2, help and version are 0', async () => {
  expect(await call(['look', '--depe'], found)).toMatchObject({
    status: 2,
    out: '',
    err: expect.stringContaining('Did you mean --deep?'),
  })
  expect(await call(['lok'], found)).toMatchObject({ status: 2, err: expect.stringContaining('Did you mean look?') })
  expect(await call([], found)).toMatchObject({ status: 2 })
  expect(await call(['look', '--help'], found)).toMatchObject({
    status: 0,
    out: expect.stringContaining('  $ ringwall look a'),
  })
  expect(await call(['--version'], found)).toMatchObject({ status: 0, out: '1.2.3\n' })
})
