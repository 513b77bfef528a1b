import { createPrivateKey } from 'node:crypto'
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { encodeCbor, readVerifier, Witness } from '@ringwall/proof'
import { pruneFolder, WitnessFiles } from '@ringwall/proof/files'
import { witnessService } from '@ringwall/proof/http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openLedger } from './audit/open.ts'
import { auditVerb } from './cli/audit.ts'
import { printedBy } from './cli/verb.testkit.ts'
import { makeKeys, readKeys } from './cli/witness-keys.ts'
import { Plant, until } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
import { publish } from './path/packets.testkit.ts'

let plant: Plant

beforeAll(async () => {
  plant = await Plant.make()
})
afterEach(() => plant.clear())
afterAll(() => plant.close())

const ledgerIn = (name: string, parts: object = {}) => ({
  path: `${name}/ledger`,
  key: `${name}/ledger.key`,
  secret: `${name}/ledger.secret`,
  ...parts,
})

/** What a verb comes to on a test's ledger: its status and what it prints. */
async function say(name: string, ...args: string[]): Promise<string> {
  const where = ['verify'].includes(args[0]) ? [] : ['--path', join(plant.folder, name, 'ledger')]
  const { status, out, err } = await printedBy([auditVerb], ['audit', ...args, ...where])
  return `${status} ${out}${err}`
}

async function entries(
  name: string,
  ...args: string[]
): Promise<{ index: number; entry: { metadata: { event_code: string } } }[]> {
  return JSON.parse((await say(name, ...args, '--json')).slice(2))
}

/** A gateway at which one device has said three things it may, and one that it may not. */
async function played(name: string, parts: object = {}): Promise<Gateway> {
  const gateway = await plant.start(plant.config({ ledger: ledgerIn(name, parts) }))
  const pump = await plant.join(gateway, 'pump-1')
  for (const text of ['1', '2', '3']) pump.send(publish('plant/pump-1/level', text, { version: 4 }))
  pump.send(publish('plant/press-1/set', 'the recipe', { version: 4 }))
  await until(() => gateway.verdicts.latest(5).some(({ decision }) => decision === 'refuse'))
  return gateway
}

describe('the ledger of a gateway', () => {
  test('tells what happened, in order, and each entry can be proven to whom has the key alone', async () => {
    const gateway = await played('a')
    await gateway.stop()
    const all = await entries('a', 'tail')
    const kinds = all.map(({ entry }) => entry.metadata.event_code)
    expect(kinds[0]).toBe('start')
    expect(kinds.at(-1)).toBe('stop')
    for (const kind of ['configuration', 'opened', 'connack', 'refuse', 'closed', 'allowed'])
      expect(kinds).toContain(kind)
    expect(await say('a', 'search', '--device', 'pump-1', '--code', 'publish_denied')).toMatch(
      /^0 .*access:publish_denied/s,
    )
    expect(await say('a', 'search', '--device', 'pump-2')).toBe('1 No entries.\n')
    const folder = join(plant.folder, 'a')
    for (const file of ['ledger.key', 'ledger.secret']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    const key = join(folder, 'ledger.key.pub')
    expect(await say('a', 'verify', join(folder, 'ledger'), '--key', key)).toBe(
      `0 Holds: ${all.length} entries of ringwall/mill-3, 1 batches of acts.\n`,
    )
    const refused = String(kinds.indexOf('refuse'))
    const proof = join(folder, 'proof.json')
    expect(await say('a', 'prove', refused, '--out', proof)).toMatch(/^0 /)
    expect(await say('a', 'verify', proof, '--key', readFileSync(key, 'utf8').trim())).toMatch(/^0 Holds: entry/)
    // Nothing of payloads is anywhere.
    const files = readdirSync(join(folder, 'ledger'), { recursive: true, withFileTypes: true }).filter(each =>
      each.isFile(),
    )
    for (const { parentPath, name } of files)
      expect(readFileSync(join(parentPath, name)).includes('the recipe')).toBe(false)
  })

  test('proves one allowed act, and a payload, without the others', async () => {
    const gateway = await played('b')
    const [verdict] = gateway.verdicts.latest(1)
    await gateway.stop()
    const folder = join(plant.folder, 'b')
    const [secret, key] = [join(folder, 'ledger.secret'), join(folder, 'ledger.key.pub')]
    const [{ index }] = await entries('b', 'search', '--code', 'allowed')
    const act = join(folder, 'act.json')
    expect(await say('b', 'prove', String(index), '--act', '2', '--secret', secret, '--out', act)).toMatch(/^0 /)
    expect(await say('b', 'verify', act, '--key', key)).toMatch(/act .*"topic":"plant\/pump-1\/level".*"bytes":1/)
    expect(await say('b', 'prove', String(index), '--act', '99', '--secret', secret)).toMatch(/^2 error act_range/)
    const packet = join(folder, 'packet')
    writeFileSync(packet, verdict.bytes)
    const [refused] = await entries('b', 'search', '--code', 'refuse')
    const proof = await say('b', 'prove', String(refused.index), '--payload', packet, '--secret', secret)
    expect(proof).toContain(Buffer.from('the recipe').toString('hex'))
    const file = join(folder, 'payload.json')
    writeFileSync(file, proof.slice(2))
    expect(await say('b', 'verify', file, '--key', key)).toMatch(/^0 Holds/)
    writeFileSync(
      file,
      proof.slice(2).replace(Buffer.from('the recipe').toString('hex'), Buffer.from('the Recipe').toString('hex')),
    )
    expect(await say('b', 'verify', file, '--key', key)).toMatch(/^1 Does not hold: payload_mismatch/)
  })

  test('that was changed is told with its place, and a proof that was changed with its reason', async () => {
    const gateway = await played('c')
    await gateway.stop()
    const folder = join(plant.folder, 'c')
    const key = join(folder, 'ledger.key.pub')
    const proof = JSON.parse((await say('c', 'prove', '1')).slice(2)) as { entry: string; index: number }
    const check = async (parts: object): Promise<string> => {
      const file = join(folder, 'changed.json')
      writeFileSync(file, JSON.stringify({ ...proof, ...parts }))
      return (await say('c', 'verify', file, '--key', key)).split(/[(\n]/)[0].trim()
    }
    expect(await check({ index: 2 })).toBe('1 Does not hold: inclusion_mismatch')
    expect(await check({ index: 99 })).toBe('1 Does not hold: index_range')
    expect(await check({ version: 7 })).toBe('1 Does not hold: bundle_version')
    expect(await check({ checkpoint: 'x' })).toBe('1 Does not hold: checkpoint_malformed')
    const bundles = join(folder, 'ledger', 'tile', 'entries', '000.p')
    const [name] = readdirSync(bundles)
    const bytes = readFileSync(join(bundles, name))
    bytes[40] ^= 1
    writeFileSync(join(bundles, name), bytes)
    expect(await say('c', 'verify', join(folder, 'ledger'), '--key', key)).toMatch(
      /^1 Does not hold: .* in tile\/entries\/000/,
    )
  })

  test('goes on in the next run; a run that ended without a word, and another key, are found at the start', async () => {
    const gateway = await played('d')
    await until(() => readdirSync(join(plant.folder, 'd', 'ledger')).includes('checkpoint'))
    await new Promise(resolve => setTimeout(resolve, 600))
    const [from, to] = [join(plant.folder, 'd'), join(plant.folder, 'crashed')]
    copyTree(from, to)
    await gateway.stop()
    const next = await plant.start(plant.config({ ledger: ledgerIn('crashed') }))
    await next.stop()
    expect(await say('crashed', 'search', '--code', 'crash')).toMatch(/^0 .*ended without a word/s)
    const again = await plant.start(plant.config({ ledger: ledgerIn('d') }))
    await again.stop()
    expect(await say('d', 'search', '--code', 'crash')).toMatch(/^1 /)
    const code = (parts: object) =>
      plant.start(plant.config({ ledger: ledgerIn('d', parts) })).then(
        () => 'started',
        ({ code }) => code,
      )
    expect(await code({ key: 'other/ledger.key' })).toBe('ledger_key')
    expect(await code({ secret: 'other/ledger.secret' })).toBe('ledger_key')
    await (await plant.start(plant.config({ ledger: ledgerIn('other') }))).stop()
    const pub = readFileSync(join(plant.folder, 'other', 'ledger.key.pub'), 'utf8')
    expect(await code({ key: 'other/ledger.key' })).toBe('checkpoint_unknown_key')
    expect(readFileSync(join(plant.folder, 'other', 'ledger.key.pub'), 'utf8')).toBe(pub)
  })
})

test('what is pruned beside a gateway, or before it starts, stands in its ledger', async () => {
  const [folder, key] = [join(plant.folder, 'p', 'ledger'), join(plant.folder, 'p', 'ledger.key')]
  await (await played('p')).stop()
  const long = await openLedger(folder, 'ringwall/mill-3', createPrivateKey(readFileSync(key)), key, false)
  await long.append(Array.from({ length: 600 }, () => encodeCbor({ time: 0 })))
  await long.close()
  const prune = async (before: number) =>
    await pruneFolder(folder, before, [await readVerifier(readFileSync(`${key}.pub`, 'utf8').trim())])
  expect(await prune(256)).toMatchObject({ from: 256 })
  const gateway = await played('p')
  expect(
    await say('p', 'show', '--json', String((await entries('p', 'search', '--code', 'start'))[0].index)),
  ).toContain('"keptFrom":256')
  expect(await prune(512)).toMatchObject({ from: 512 })
  await expect.poll(() => say('p', 'search', '--code', 'pruned'), { timeout: 10_000 }).toMatch(/^0 .*before 512/s)
  await gateway.stop()
  expect(await entries('p', 'search', '--code', 'pruned')).toHaveLength(1)
})

/** A copy of a folder as a crash would leave it: without its lock. */
function copyTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true, mode: 0o700 })
  for (const each of readdirSync(from, { withFileTypes: true })) {
    if (each.isDirectory()) copyTree(join(from, each.name), join(to, each.name))
    else if (each.name !== 'lock') copyFileSync(join(from, each.name), join(to, each.name))
  }
}

describe('witnesses of a ledger', () => {
  test('cosign what the gateway publishes, are asked for by whoever verifies, and find a second history', async () => {
    const keys = join(plant.folder, 'w', 'keys')
    const cosigners = makeKeys(keys, 'witness.example/w1')
    const first = await played('w')
    await first.stop()
    const verifier = readFileSync(join(plant.folder, 'w', 'ledger.key.pub'), 'utf8').trim()
    const logs = [{ origin: verifier.split('+')[0], keys: [await readVerifier(verifier)] }]
    const state = new WitnessFiles(join(keys, 'state'))
    const service = new Witness(await readKeys(keys), logs, state, () => Math.floor(Date.now() / 1_000))
    const server = createServer(witnessService(service, () => {}))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const witnesses = [{ url, key: cosigners[0] }]
    try {
      const folder = join(plant.folder, 'w', 'ledger')
      const checkpoint = () => readFileSync(join(folder, 'checkpoint'), 'utf8')
      cpSync(folder, `${folder}-old`, { recursive: true })
      const second = await played('w', { witnesses })
      await until(() => checkpoint().includes('witness.example/w1'))
      await second.stop()
      await until(() => checkpoint().includes('witness.example/w1'))
      const all = await entries('w', 'tail')
      const proof = join(plant.folder, 'w', 'proof.json')
      expect(await say('w', 'prove', String(all[3].index), '--out', proof)).toMatch(/^0 /)
      const trust = ['--key', verifier, '--key', cosigners[0]]
      expect(await say('w', 'verify', proof, ...trust)).toMatch(/^0 Holds/)
      expect(await say('w', 'verify', folder, ...trust)).toMatch(/^0 Holds/)
      const [other] = makeKeys(`${keys}-other`, 'witness.example/w2')
      for (const what of [proof, folder]) {
        const both = [...trust, '--key', other]
        const missing = /^1 Does not hold: cosignature_missing.*1 of the witnesses .* nothing of witness.example.w2/
        expect(await say('w', 'verify', what, ...both)).toMatch(missing)
        expect(await say('w', 'verify', what, ...both, '--quorum', '1')).toMatch(/^0 Holds/)
        expect(await say('w', 'verify', what, ...both, '--quorum', '3')).toMatch(/^2 .*quorum_invalid/s)
      }
      // The operator puts the folder back and tells another story.
      rmSync(folder, { recursive: true })
      cpSync(`${folder}-old`, folder, { recursive: true })
      const third = await played('w', { witnesses })
      await expect
        .poll(() => say('w', 'search', '--code', 'unwitnessed'), { timeout: 10_000 })
        .toMatch(/^0 .*unwitnessed/s)
      await third.stop()
      expect(await say('w', 'verify', folder, ...trust)).toMatch(/^1 Does not hold: cosignature_missing/)
    } finally {
      await new Promise(resolve => server.close(resolve))
    }
  })
})
