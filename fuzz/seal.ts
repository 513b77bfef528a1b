import {
  asCose,
  asEnvelope,
  asProperty,
  type CborValue,
  ChainWindow,
  decodeCbor,
  encodeCbor,
  MacKernel,
  macHolds,
  ProofError,
  readCose,
  readEnvelope,
  readProperty,
  Sealer,
  SealVerifier,
  SealView,
  sealKey,
  sealKeyBytes,
  Tagged,
  verifyMac0,
} from '../packages/proof/src/index.ts'
import { mutate } from '../packages/wire/fuzz/mutate.ts'
import { Random } from '../packages/wire/fuzz/random.ts'
import type { Tally, Target } from '../packages/wire/fuzz/target.ts'

const INPUTS = 400
const TOPIC = 'plant/pump-1/state'
const utf8 = new TextEncoder()
const topic = utf8.encode(TOPIC)
const SECRET = new Uint8Array(32).fill(3)
const KEY = sealKey(SECRET, 'pump-1', 1)
const kernel = new MacKernel(1)
kernel.setKey(0, sealKeyBytes(SECRET, 'pump-1', 1))
const verifier = new SealVerifier(kernel)
const chain = new ChainWindow()

/** A carrier: how it is written, and where in its bytes the payload lies once it is read; null where it is refused. */
interface Carrier {
  write(sealer: Sealer, payload: Uint8Array, time: number): Uint8Array
  read(bytes: Uint8Array, view: SealView): readonly [start: number, end: number] | null
}

const carriers: readonly Carrier[] = [
  {
    write: (sealer, payload, time) => utf8.encode(asProperty(sealer.seal(TOPIC, payload, time))),
    // The payload is sent apart; here there is none.
    read: (bytes, view) => (readProperty(bytes, 0, bytes.length, view) ? [0, 0] : null),
  },
  {
    write: (sealer, payload, time) => asEnvelope(sealer.seal(TOPIC, payload, time), payload),
    read: (bytes, view) => {
      const start = readEnvelope(bytes, 0, bytes.length, view)
      return start > 0 ? [start, bytes.length] : null
    },
  },
  {
    write: (sealer, payload, time) => asCose(sealer.seal(TOPIC, payload, time), payload),
    read: (bytes, view) => (readCose(bytes, 0, bytes.length, view) ? [view.payloadStart, view.payloadEnd] : null),
  },
]

/**
 * Seals and CBOR: no crash, no hang, no other error than their own; no MAC holds on bytes that differ from what was sealed; the kernel and its
 * twin agree; what the reader of seals takes the reader of COSE takes too; what is read of CBOR has no other spelling.
 */
export const seal: Target = {
  name: 'seal',
  run(seed, tally, begin) {
    const random = new Random(seed)
    tally.runs++
    for (let i = 0; i < INPUTS; i++) {
      const isSeal = random.below(3) > 0
      const carrier = random.pick(carriers)
      const payload = Uint8Array.from({ length: random.below(80) }, () => random.below(256))
      const before = isSeal ? write(carrier, payload, random) : encodeCbor(value(random, 0))
      const input = mutate(before, random)
      begin(input)
      tally.inputs++
      tally.bytes += input.length
      const why = attempt(() => (isSeal ? trySeal(carrier, before, input, tally) : tryCbor(input, tally)))
      if (why !== null) return { why, input, seed }
    }
    return null
  },
}

function attempt(act: () => string | null): string | null {
  try {
    return act()
  } catch (error) {
    return `it throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
}

function write(carrier: Carrier, payload: Uint8Array, random: Random): Uint8Array {
  const previous = random.below(2) === 0 ? new Uint8Array(0) : payload.slice(0, 8)
  const sequence = random.below(2 ** random.below(31))
  const state = { sequence, previous: previous.length === 8 ? previous : new Uint8Array(0) }
  return carrier.write(
    new Sealer(KEY, 1, state),
    carrier === carriers[0] ? new Uint8Array(0) : payload,
    random.below(2 ** 31) * 1_000,
  )
}

function trySeal(carrier: Carrier, before: Uint8Array, input: Uint8Array, tally: Tally): string | null {
  const view = new SealView()
  const found = carrier.read(input, view)
  const isSame = Buffer.compare(before, input) === 0
  if (found === null) {
    count(tally, 'no seal')
    return isSame ? 'what was sealed is not read' : null
  }
  tally.frames++
  const [payloadStart, payloadEnd] = found
  const payload = input.subarray(payloadStart, payloadEnd)
  const holds = macHolds(KEY, view, topic, payload)
  if (holds !== isSame) return holds ? 'a MAC holds on changed bytes' : 'a MAC does not hold on what was sealed'
  const covered = { topic, topicStart: 0, topicEnd: topic.length, payload: input, payloadStart, payloadEnd }
  if (verifier.verify(0, view, covered) !== holds) return 'the kernel and its twin differ'
  chain.judge(view)
  if (holds) chain.advance(view)
  else count(tally, 'mac')
  return carrier === carriers[2] ? tryCose(input, holds, tally) : null
}

/** What is read as a seal is a COSE_Mac0 to the reader that knows nothing of seals. */
function tryCose(input: Uint8Array, holds: boolean, tally: Tally): string | null {
  try {
    verifyMac0(KEY, input, { external: topic })
    return holds ? null : 'COSE takes what the seal refuses'
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    count(tally, error.code)
    return error.code === 'cose_tag' && !holds ? null : `a seal is no COSE_Mac0: ${error.message}`
  }
}

function tryCbor(input: Uint8Array, tally: Tally): string | null {
  let read: CborValue
  try {
    read = decodeCbor(input)
  } catch (error) {
    if (!(error instanceof ProofError)) throw error
    count(tally, error.code)
    return null
  }
  tally.frames++
  return Buffer.compare(encodeCbor(read), input) === 0 ? null : 'what is read has another spelling'
}

function count({ faults }: Tally, code: string): void {
  faults.set(code, (faults.get(code) ?? 0) + 1)
}

function value(random: Random, level: number): CborValue {
  switch (random.below(level > 4 ? 6 : 9)) {
    case 0:
      return random.below(2 ** 31) - 2 ** 30
    case 1:
      return BigInt(random.below(2 ** 31)) ** 2n
    case 2:
      return random.below(1_000) / (1 + random.below(9))
    case 3:
      return utf8.encode('x'.repeat(random.below(40)))
    case 4:
      return random.pick(['', 'a', 'höhe', '水'.repeat(9)])
    case 5:
      return random.pick([true, false, null])
    case 6:
      return Array.from({ length: random.below(5) }, () => value(random, level + 1))
    case 7:
      return new Tagged(random.below(70_000), value(random, level + 1))
    default:
      return new Map(Array.from({ length: random.below(5) }, () => [random.below(1_000), value(random, level + 1)]))
  }
}
