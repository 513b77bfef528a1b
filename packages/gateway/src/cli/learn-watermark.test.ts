import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { learnVerb } from './learn.ts'
import { states } from './learn-watermark.testkit.ts'
import { profileVerb } from './profile.ts'
import { printedBy } from './verb.testkit.ts'

let folder = ''
let secret = ''
const at = (name: string): string => join(folder, name)

async function ringwall(...args: string[]) {
  const printed = await printedBy([learnVerb, profileVerb], args)
  // Whatever is done, the key is never told.
  if (secret !== '') expect(printed.out + printed.err).not.toContain(secret)
  return printed
}

const watermark = (...args: string[]) => ringwall('learn', 'watermark', ...args)
const verify = (...args: string[]) => watermark('verify', ...args, '--json')

interface Printed {
  readonly verified: boolean
  readonly finding: string
  readonly mark: { readonly bits: { agreeing: number } | null; readonly triggers: { agreeing: number } }
  readonly claim: Readonly<Record<string, unknown>> | null
  readonly error?: { readonly code: string; readonly place: { readonly file?: string } }
}
const read = (out: string): Printed => JSON.parse(out) as Printed

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-watermark-'))
  writeFileSync(at('train.csv'), states(600))
  await watermark('key', at('own.wmkey'))
  await watermark('key', at('other.wmkey'))
  secret = (JSON.parse(readFileSync(at('own.wmkey'), 'utf8')) as { key: string }).key
  await ringwall('profile', 'key', at('owner'))
  await ringwall('profile', 'key', at('rival'))
  for (const algorithm of ['boosting', 'net']) {
    const files = ['--save', at(`${algorithm}.json`), '--claim', at(`${algorithm}.claim.json`)]
    const owner = ['--sign', at('owner.key'), '--owner', 'Mill 3']
    const data = ['--train', at('train.csv'), '--label', 'state', '--key', at('own.wmkey')]
    const { status, out, err } = await watermark('embed', ...data, ...files, ...owner, '--algorithm', algorithm)
    expect([status, err]).toEqual([0, ''])
    expect(out).toContain('Claim: ')
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a key is made for its owner alone, and never over another', async () => {
  expect(statSync(at('own.wmkey')).mode & 0o777).toBe(0o600)
  const { status, err } = await watermark('key', at('own.wmkey'))
  expect(status).toBe(2)
  expect(err).toContain('file_taken')
})

test('a key is not left behind empty where it cannot be written, and says why', () => {
  const bin = join(import.meta.dirname, '../../bin/ringwall.mjs')
  const command = `ulimit -f 0; exec "${process.execPath}" "${bin}" learn watermark key "${at('full.wmkey')}"`
  const { status, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8' })
  expect([status, existsSync(at('full.wmkey'))]).toEqual([2, false])
  expect(stderr).toMatch(/file_unusable[\s\S]*There is no room/)
})

test('a key is not written to standard output', async () => {
  const { status, err } = await watermark('key', '-')
  expect([status, existsSync('-')]).toEqual([2, false])
  expect(err).toContain('error usage')
})

test.each(['boosting', 'net'])('%s: the mark is verified with its claim, and the claim is whole', async algorithm => {
  const claim = ['--claim', at(`${algorithm}.claim.json`), '--trust', at('owner.pub')]
  const { status, out } = await verify(at(`${algorithm}.json`), '--key', at('own.wmkey'), ...claim)
  const { verified, mark, claim: judged } = read(out)
  expect([status, verified]).toEqual([0, true])
  expect(mark.bits?.agreeing ?? null).toBe(algorithm === 'net' ? 128 : null)
  expect(judged).toMatchObject({ owner: 'Mill 3', isSigned: true, isTrusted: true, isOfKey: true, isSameFile: true })
})

test('without a claim, in words: verified by its key, and by no other', async () => {
  const own = await watermark('verify', at('boosting.json'), '--key', at('own.wmkey'))
  expect(own.status).toBe(0)
  expect(own.out).toMatch(/^Verified: /m)
  const other = await watermark('verify', at('boosting.json'), '--key', at('other.wmkey'))
  expect(other.status).toBe(1)
  expect(other.out).toMatch(/^Not verified: /m)
})

test('a claim of another key, of another signer, or that was changed does not hold, though the mark is there', async () => {
  const model = at('boosting.json')
  const mine = ['--key', at('own.wmkey'), '--claim', at('boosting.claim.json')]
  const distrusted = await verify(model, ...mine, '--trust', at('rival.pub'))
  expect([distrusted.status, read(distrusted.out).claim]).toMatchObject([1, { isTrusted: false, isSigned: true }])
  const swapped = await verify(model, '--key', at('other.wmkey'), '--claim', at('boosting.claim.json'))
  expect([swapped.status, read(swapped.out).claim]).toMatchObject([1, { isOfKey: false }])
  writeFileSync(
    at('changed.json'),
    changed(statement => ({ ...statement, owner: 'Somebody else' })),
  )
  const forged = await verify(model, '--key', at('own.wmkey'), '--claim', at('changed.json'))
  expect([forged.status, read(forged.out).claim]).toMatchObject([1, { owner: 'Somebody else', isSigned: false }])
  expect(read(forged.out).mark.triggers.agreeing).toBeGreaterThan(100)
})

/** The claim with another predicate under the old signature. */
function changed(change: (predicate: object) => object): string {
  const envelope = JSON.parse(readFileSync(at('boosting.claim.json'), 'utf8')) as { payload: string }
  const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as { predicate: object }
  const payload = JSON.stringify({ ...statement, predicate: change(statement.predicate) })
  return JSON.stringify({ ...envelope, payload: Buffer.from(payload).toString('base64') })
}

test('a copy that was laid out anew is another file, and carries the mark', async () => {
  const copy = JSON.stringify(JSON.parse(readFileSync(at('boosting.json'), 'utf8')), null, 1)
  writeFileSync(at('copy.json'), copy)
  const claim = ['--claim', at('boosting.claim.json'), '--trust', at('owner.pub')]
  const { status, out } = await verify(at('copy.json'), '--key', at('own.wmkey'), ...claim)
  expect([status, read(out).claim]).toMatchObject([0, { isSameFile: false, isOfKey: true }])
})

test('a marked net tells the classes of a table', async () => {
  const args = ['--model', at('net.json'), '--test', at('train.csv'), '--out', at('told.csv'), '--json']
  const { status, out } = await ringwall('learn', 'classify', ...args)
  expect(status).toBe(0)
  expect((JSON.parse(out) as { accuracy: number }).accuracy).toBeGreaterThan(0.95)
})

test("the claim names the model's file by its SHA-256", () => {
  const { payload } = JSON.parse(readFileSync(at('net.claim.json'), 'utf8')) as { payload: string }
  const { subject } = JSON.parse(Buffer.from(payload, 'base64').toString()) as { subject: unknown }
  const sha256 = createHash('sha256')
    .update(readFileSync(at('net.json')))
    .digest('hex')
  expect(subject).toEqual([{ name: 'net.json', digest: { sha256 } }])
})

test('what is written to standard output is that alone, and what is said beside it goes to standard error', () => {
  const command = (...args: string[]) => {
    const all = [join(import.meta.dirname, '../../bin/ringwall.mjs'), 'learn', 'watermark', ...args]
    const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' })
    return { status, out: stdout, err: stderr }
  }
  const key = ['--key', at('own.wmkey')]
  const asked = command('triggers', ...key, '--claim', at('boosting.claim.json'), '--out', '-')
  expect([asked.status, asked.out.split('\n')[0]]).toEqual([0, 'a,b,c,d,e,f'])
  expect(asked.err).toBe(`${asked.out.trimEnd().split('\n').length - 1} rows: -\n`)
  const train = ['embed', '--train', at('train.csv'), '--label', 'state', ...key]
  const made = command(...train, '--save', '-', '--json')
  expect([made.status, JSON.parse(made.out).format, JSON.parse(made.err).save]).toEqual([0, 'ringwall-model', '-'])
  const owner = ['--sign', at('owner.key'), '--owner', 'Mill 3']
  const twice = [
    command(...train, '--save', '-', '--claim', '-', ...owner),
    command('verify', '-', ...key, '--claim', '-'),
  ]
  for (const { status, err } of twice)
    expect([status, err]).toEqual([2, expect.stringMatching(/error usage\n.*two files are standard/)])
})

test('a key that others may read is refused, with what to do', async () => {
  writeFileSync(at('open.wmkey'), readFileSync(at('own.wmkey')))
  chmodSync(at('open.wmkey'), 0o644)
  const { status, err } = await watermark('verify', at('boosting.json'), '--key', at('open.wmkey'))
  expect(status).toBe(2)
  expect(err).toMatch(/key_unreadable[\s\S]*chmod 600/)
})

test.each([
  ['a key of rubbish', ['boosting.json', '--key', 'rubbish'], 'key_malformed', 'rubbish'],
  ['a model of rubbish', ['rubbish', '--key', 'own.wmkey'], 'model_malformed', 'rubbish'],
  ['a claim of rubbish', ['boosting.json', '--key', 'own.wmkey', '--claim', 'rubbish'], 'claim_malformed', 'rubbish'],
  [
    'a claim that is none',
    ['boosting.json', '--key', 'own.wmkey', '--claim', 'net.json'],
    'claim_malformed',
    'net.json',
  ],
  ['no such model', ['nowhere', '--key', 'own.wmkey'], 'file_unusable', 'nowhere'],
  ['no such key', ['boosting.json', '--key', 'nowhere'], 'key_unreadable', 'nowhere'],
])('%s is refused by its code and place', async (_, args, code, file) => {
  writeFileSync(at('rubbish'), '{"format":', { mode: 0o600 })
  const { status, out } = await verify(...args.map(arg => (arg.startsWith('--') ? arg : at(arg))))
  const { error } = read(out)
  expect([status, error?.code, error?.place.file]).toEqual([2, code, at(file)])
})

test('whatever stands in a claim, it is judged or refused by a code', async () => {
  const whole = readFileSync(at('boosting.claim.json'), 'utf8')
  const broken = fc
    .tuple(fc.nat(whole.length), fc.nat(40), fc.string({ maxLength: 4 }))
    .map(([from, length, put]) => whole.slice(0, from) + put + whole.slice(from + length))
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), broken), async text => {
      writeFileSync(at('fuzzed.json'), text)
      const { status, out } = await verify(at('boosting.json'), '--key', at('own.wmkey'), '--claim', at('fuzzed.json'))
      if (status === 2) expect(['claim_malformed', 'claim_version', 'watermark_space']).toContain(read(out).error?.code)
    }),
    { seed: 1, numRuns: 60 },
  )
})

test('a model that only answers is asked for the triggers, and its answers are judged', async () => {
  const mine = ['--key', at('own.wmkey'), '--claim', at('boosting.claim.json')]
  expect((await watermark('triggers', ...mine, '--out', at('ask.csv'))).status).toBe(0)
  expect(statSync(at('ask.csv')).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  const classify = (model: string) =>
    ringwall('learn', 'classify', '--model', at(model), '--test', at('ask.csv'), '--out', at(`${model}.csv`))
  await classify('boosting.json')
  const own = await watermark('answers', at('boosting.json.csv'), ...mine, '--trust', at('owner.pub'))
  expect([own.status, own.out]).toEqual([0, expect.stringMatching(/^Claim: Mill 3, [\s\S]*^Verified: /m)])
  const unvouched = await watermark('answers', at('boosting.json.csv'), ...mine)
  expect([unvouched.status, unvouched.out]).toEqual([1, expect.stringMatching(/^Matches, signer not vouched for/m)])
  writeFileSync(at('same.csv'), `prediction\n${'off\n'.repeat(128)}`)
  const same = await watermark('answers', at('same.csv'), ...mine)
  expect([same.status, same.out]).toEqual([1, expect.stringContaining('One class was said to 128 of 128')])
  const other = await watermark(
    'answers',
    at('boosting.json.csv'),
    '--key',
    at('other.wmkey'),
    mine[2]!,
    mine[3]!,
    '--json',
  )
  expect([other.status, JSON.parse(other.out)]).toMatchObject([1, { verified: false, claim: { isOfKey: false } }])
  await ringwall('learn', 'fit', '--train', at('train.csv'), '--label', 'state', '--save', at('stranger.json'))
  await classify('stranger.json')
  expect((await watermark('answers', at('stranger.json.csv'), ...mine)).status).toBe(1)
  const few = await watermark('answers', at('train.csv'), ...mine, '--column', 'state', '--json')
  expect([few.status, read(few.out).error?.code]).toEqual([2, 'answers_count'])
})

test('a claim without a signer or an owner is wrong usage', async () => {
  const data = ['--train', at('train.csv'), '--label', 'state', '--key', at('own.wmkey'), '--save', at('x.json')]
  const { status, err } = await watermark('embed', ...data, '--claim', at('x.claim.json'))
  expect(status).toBe(2)
  expect(err).toContain('--claim, --sign and --owner belong together')
})

test.each(['key', 'embed', 'verify', 'triggers', 'answers'])('%s has help with an example', async name => {
  const { status, out } = await watermark(name, '--help')
  expect(status).toBe(0)
  expect(out).toContain(`$ ringwall learn watermark ${name}`)
})
