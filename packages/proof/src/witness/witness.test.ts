import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Ledger, LedgerReader, WitnessFiles } from '../files/index.ts'
import { newOptions, numbered, ORIGIN } from '../files/ledger.testkit.ts'
import { Kind, noteSignerOf, readNote, type Verifier, verifierOf, verifyNote } from '../note/index.ts'
import { askWitness, compareCheckpoints, Witness, writeRequest } from './index.ts'

let folder: string
const stops: (() => Promise<void>)[] = []
const code = (name: string) => expect.objectContaining({ code: name })

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-witness-'))
})
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
  rmSync(folder, { recursive: true, force: true })
})

async function witnessOf(name: string, log: Verifier) {
  const made = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('one key is no pair')
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', made.publicKey))
  const signer = noteSignerOf(name, Kind.cosignature, made.privateKey, key)
  const make = () =>
    new Witness([signer], [{ origin: ORIGIN, keys: [log] }], new WitnessFiles(join(folder, name)), () => 1_795_000_000)
  return { make, verifier: await verifierOf(name, Kind.cosignature, key) }
}

/** Serves a witness on the loop-back interface. */
async function serve(witness: Witness): Promise<string> {
  // An answer may be under way to somebody who has gone.
  const answers: Promise<unknown>[] = []
  const server = createServer((request, response) => {
    const answer = textOf(request).then(body => witness.answer(body))
    answers.push(
      answer.then(({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body)),
    )
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  stops.push(async () => {
    await Promise.allSettled(answers)
    server.closeAllConnections()
    await new Promise<void>(resolve => server.close(() => resolve()))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Two histories that one operator signs: the first 40 entries are the same. */
async function twoHistories() {
  const options = await newOptions()
  const histories = []
  for (const name of ['a', 'b']) {
    const ledger = await Ledger.open(join(folder, name), options)
    await ledger.append(numbered(0, 40))
    const early = ledger.checkpoint
    await ledger.append(numbered(name === 'a' ? 40 : 4_000, 30))
    await ledger.close()
    histories.push({ early, reader: new LedgerReader(join(folder, name)) })
  }
  return { options, a: histories[0], b: histories[1] }
}

test('a witness cosigns what goes on from what it cosigned, over a restart too, and answers each other thing as the protocol says', async () => {
  const { options, a, b } = await twoHistories()
  const { make, verifier } = await witnessOf('w.example', options.verifier)
  const proof = a.reader.consistency(40)
  const whole = { old: 40, proof, note: a.reader.note }
  const first = await make().answer(writeRequest({ old: 0, proof: [], note: a.early }))
  expect(first.status).toBe(200)
  const { text } = readNote(a.early)
  expect(await verifyNote(readNote(`${text}\n${first.body}`), [verifier])).toMatchObject([{ time: 1_795_000_000 }])

  const witness = make()
  const stranger = (await newOptions()).verifier
  const statuses: [string, number][] = [
    ['', 400],
    [writeRequest({ ...whole, old: 71 }), 400],
    [writeRequest({ ...whole, proof: Array(64).fill(proof[0]) }), 400],
    [writeRequest({ ...whole, note: whole.note.replace(ORIGIN, 'other') }), 404],
    [writeRequest({ ...whole, note: whole.note.replace('\n70\n', '\n71\n') }), 403],
    [writeRequest({ ...whole, old: 0 }), 409],
    [writeRequest({ ...whole, proof: proof.slice(1) }), 422],
    [writeRequest({ ...whole, note: b.reader.note, proof: b.reader.consistency(40) }), 200],
    // The other history of the same size, and the one that was cosigned once more.
    [writeRequest({ old: 70, proof: [], note: a.reader.note }), 409],
    [writeRequest({ old: 70, proof: [], note: b.reader.note }), 200],
  ]
  for (const [body, status] of statuses) expect((await witness.answer(body)).status).toBe(status)
  expect(await witness.answer(writeRequest({ ...whole, old: 0 }))).toMatchObject({
    type: 'text/x.tlog.size',
    body: '70\n',
  })
  const unknown = new Witness([], [{ origin: ORIGIN, keys: [stranger] }], new WitnessFiles(join(folder, 'x')), () => 0)
  expect((await unknown.answer(writeRequest(whole))).status).toBe(403)
})

test('of requests at the same time one is cosigned, and none takes the witness back', async () => {
  const { options, a, b } = await twoHistories()
  const { make } = await witnessOf('w.example', options.verifier)
  const witness = make()
  const bodies = [a, b].map(({ reader }) => writeRequest({ old: 0, proof: [], note: reader.note }))
  const answers = await Promise.all(bodies.map(body => witness.answer(body)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
})

test('an operator who shows two auditors two histories is caught by the witness', async () => {
  const { options, a, b } = await twoHistories()
  const { make, verifier } = await witnessOf('w.example', options.verifier)
  const place = { url: await serve(make()), verifier }
  const cosigned = await askWitness(place, a.reader.note, 0, from => a.reader.consistency(from))
  expect(await verifyNote(readNote(cosigned), [verifier])).toHaveLength(1)
  for (const old of [0, 70])
    await expect(askWitness(place, b.reader.note, old, from => b.reader.consistency(from))).rejects.toEqual(
      code('split_view'),
    )
  await expect(askWitness(place, a.early, 40, () => [])).rejects.toEqual(code('witness_ahead'))
  const longer = await Ledger.open(join(folder, 'b'), options)
  await longer.append(numbered(0, 9))
  await longer.close()
  const reader = new LedgerReader(join(folder, 'b'))
  await expect(askWitness(place, reader.note, 70, from => reader.consistency(from))).rejects.toEqual(
    code('inconsistent'),
  )
})

test('two auditors who compare what they were shown find the two histories', async () => {
  const { options, a, b } = await twoHistories()
  const keys = [options.verifier]
  const prove = (before: number) => a.reader.consistency(before)
  expect(await compareCheckpoints(a.reader.note, b.reader.note, keys)).toMatchObject({ ok: false, code: 'split_view' })
  expect(await compareCheckpoints(a.reader.note, a.reader.note, keys)).toMatchObject({ ok: true, relation: 'same' })
  expect(await compareCheckpoints(a.early, a.reader.note, keys, prove)).toMatchObject({ relation: 'consistent' })
  expect(await compareCheckpoints(b.early, a.reader.note, keys)).toMatchObject({ code: 'proof_missing' })
  expect(await compareCheckpoints(b.early, b.reader.note, keys, prove)).toMatchObject({ code: 'inconsistent' })
  const other = await newOptions()
  expect(await compareCheckpoints(a.early, b.early, [other.verifier])).toMatchObject({ code: 'checkpoint_unknown_key' })
  const bent = a.reader.note.replace('\n70\n', '\n71\n')
  expect(await compareCheckpoints(bent, b.early, keys)).toMatchObject({ code: 'note_signature' })
})

test('a ledger has its published checkpoint cosigned; a witness that is away holds up no append', async () => {
  const options = await newOptions()
  const { make, verifier } = await witnessOf('w.example', options.verifier)
  const away = { url: 'http://127.0.0.1:1', verifier }
  const told: string[] = []
  const path = join(folder, 'log')
  const ledger = await Ledger.open(path, {
    ...options,
    witnesses: [{ url: await serve(make()), verifier }, away],
    onUnwitnessed: error => told.push(error.code),
  })
  await ledger.append(numbered(0, 300))
  const published = () => new LedgerReader(path, { published: true }).checkpoint.size
  while (published() < 300) await new Promise(resolve => setTimeout(resolve, 5))
  await ledger.close()
  const reader = new LedgerReader(path, { published: true })
  expect(reader.checkpoint.size).toBe(300)
  expect(await verifyNote(readNote(reader.note), [verifier])).toHaveLength(1)
  // Once, for two checkpoints: the empty one and this.
  expect(told).toEqual(['witness_unreachable'])
})
