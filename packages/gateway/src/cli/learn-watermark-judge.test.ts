import { createPrivateKey, createPublicKey } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seal } from '../profile/dsse.ts'
import { learnVerb } from './learn.ts'
import { states } from './learn-watermark.testkit.ts'
import { profileVerb } from './profile.ts'
import { printedBy } from './verb.testkit.ts'

let folder = ''
const at = (name: string): string => join(folder, name)
const ringwall = (...args: string[]) => printedBy([learnVerb, profileVerb], args)
const watermark = (...args: string[]) => ringwall('learn', 'watermark', ...args)
const verify = (...args: string[]) => watermark('verify', ...args, '--json')

interface Printed {
  readonly finding: string
  readonly error?: { readonly code: string }
}
const read = (out: string): Printed => JSON.parse(out) as Printed

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-judge-'))
  writeFileSync(at('train.csv'), states(600))
  await watermark('key', at('own.wmkey'))
  for (const name of ['owner', 'rival']) await ringwall('profile', 'key', at(name))
  const files = ['--save', at('boosting.json'), '--claim', at('boosting.claim.json')]
  const owner = ['--sign', at('owner.key'), '--owner', 'Mill 3']
  const data = ['--train', at('train.csv'), '--label', 'state', '--key', at('own.wmkey')]
  expect((await watermark('embed', ...data, ...files, ...owner)).status).toBe(0)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a claim whose signer nobody vouches for is told as that', async () => {
  const claim = ['--key', at('own.wmkey'), '--claim', at('boosting.claim.json')]
  const { status, out } = await watermark('verify', at('boosting.json'), ...claim)
  expect(status).toBe(1)
  expect(out).toMatch(/^Matches, signer not vouched for: /m)
  expect(read((await verify(at('boosting.json'), ...claim)).out)).toMatchObject({
    verified: false,
    finding: 'not_vouched',
  })
})

test('a claim that somebody else signs anew, under his name and an earlier date, is not of this key', async () => {
  const { payload } = JSON.parse(readFileSync(at('boosting.claim.json'), 'utf8')) as { payload: string }
  const statement = JSON.parse(Buffer.from(payload, 'base64').toString()) as { predicate: object }
  const rival = createPrivateKey(readFileSync(at('rival.key')))
  const ownerKey = createPublicKey(rival).export({ type: 'spki', format: 'der' }).toString('base64')
  const predicate = { ...statement.predicate, owner: 'Rival', ownerKey, date: '2020-01-01T00:00:00Z' }
  const body = Buffer.from(JSON.stringify({ ...statement, predicate }))
  writeFileSync(at('rival.json'), JSON.stringify(seal('application/vnd.in-toto+json', body, rival)))
  const claim = ['--claim', at('rival.json'), '--trust', at('rival.pub')]
  const { status, out } = await verify(at('boosting.json'), '--key', at('own.wmkey'), ...claim)
  expect([status, read(out)]).toMatchObject([
    1,
    { finding: 'claim_fails', claim: { isSigned: true, isTrusted: true, isOfKey: false } },
  ])
})

test('a private key is not taken for --trust', async () => {
  const claim = ['--key', at('own.wmkey'), '--claim', at('boosting.claim.json'), '--trust', at('owner.key')]
  const { status, out } = await verify(at('boosting.json'), ...claim)
  expect([status, read(out).error?.code]).toEqual([2, 'key_private'])
})

test('an owner with control characters is refused before anything is learned', async () => {
  const data = ['--train', at('train.csv'), '--label', 'state', '--key', at('own.wmkey'), '--save', at('x.json')]
  const claim = ['--claim', at('x.claim.json'), '--sign', at('owner.key'), '--owner', 'Mill \u001b[2J3']
  const { status, err } = await watermark('embed', ...data, ...claim)
  expect(status).toBe(2)
  expect(err).toContain('claim_name')
  expect(err).not.toContain('\u001b')
})

test('classes and columns that were renamed are told, and read by their new names', async () => {
  const name = 'a'.repeat(3)
  const renamed = states(300)
    .replace(/^a,/, `${name},`)
    .replaceAll(/,(off|low|high)$/gm, ',$1er')
  writeFileSync(at('renamed.csv'), renamed)
  const data = ['--train', at('renamed.csv'), '--label', 'state']
  await ringwall('learn', 'fit', ...data, '--save', at('renamed.json'), '--algorithm', 'forest')
  const mine = ['--key', at('own.wmkey'), '--claim', at('boosting.claim.json')]
  const first = await verify(at('renamed.json'), ...mine)
  expect([first.status, read(first.out).error?.code]).toEqual([2, 'watermark_columns'])
  const second = await verify(at('renamed.json'), ...mine, '--columns', `a=${name}`)
  expect([second.status, read(second.out).error?.code]).toEqual([2, 'watermark_classes'])
  const classes = ['--classes', 'off=offer,low=lower,high=higher']
  const third = await verify(at('renamed.json'), ...mine, '--columns', `a=${name}`, ...classes)
  expect([third.status, read(third.out)]).toMatchObject([1, { finding: 'absent', mark: { triggers: { ways: 12 } } }])
  const broken = await watermark('verify', at('renamed.json'), ...mine, '--classes', 'off')
  expect(broken.status).toBe(2)
})

test('a model of trees that keeps no space cannot be looked at without a claim; one of ONNX is pointed to triggers', async () => {
  await ringwall('learn', 'fit', '--train', at('train.csv'), '--label', 'state', '--save', at('bare.json'))
  const bare = await verify(at('bare.json'), '--key', at('own.wmkey'))
  expect([bare.status, read(bare.out).error?.code]).toEqual([2, 'usage'])
  writeFileSync(at('some.onnx'), Buffer.from([8, 9, 18, 0]))
  const onnx = await watermark('verify', at('some.onnx'), '--key', at('own.wmkey'))
  expect([onnx.status, onnx.err]).toEqual([2, expect.stringMatching(/model_onnx[\s\S]*triggers/)])
})
