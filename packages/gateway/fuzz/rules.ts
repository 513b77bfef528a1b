import { mutate } from '../../wire/fuzz/mutate.ts'
import { Random } from '../../wire/fuzz/random.ts'
import type { Tally, Target } from '../../wire/fuzz/target.ts'
import { ConfigError } from '../src/config/problem.ts'
import { compileRules, FlowMemory, SignatureEngine } from '../src/signature/index.ts'
import { type Described, packetOf } from '../src/signature/trial/packet-of.ts'
import { trialPacket } from '../src/signature/trial/run.ts'
import { KEYWORDS, type MadeRule, makeRule, word } from './rules-make.ts'
import { makeCatastrophe, makePattern, matchPattern } from './rules-pattern.ts'
import { type Buffers, referenceSids } from './rules-reference.ts'

const RULES = 24
const PACKETS = 40
const PATTERNS = 20
const MUTANTS = 12

/**
 * Signatures: made rules and packets fire as a slow reference says, patterns match as RegExp does, no pattern takes long, and whatever
 * rules and packets are made of, nothing but a `ConfigError` comes out.
 */
export const rules: Target = {
  name: 'rules',
  run(seed, tally, begin) {
    const random = new Random(seed)
    const made = Array.from({ length: 1 + random.below(RULES) }, (_, index) => makeRule(index + 1, random))
    tally.runs++
    let input: Uint8Array = new Uint8Array(0)
    const tried = (bytes: Uint8Array) => {
      input = bytes
      tally.inputs++
      tally.bytes += bytes.length
      begin(bytes)
    }
    try {
      const why = packets(made, random, tally, tried) ?? patterns(random, tried) ?? mutants(made, random, tally, tried)
      return why === null ? null : { why, input, seed }
    } catch (error) {
      return { why: `it threw ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, input, seed }
    }
  },
}

type Tried = (bytes: Uint8Array) => void

function packets(made: readonly MadeRule[], random: Random, tally: Tally, tried: Tried): string | null {
  const text = made.map(({ line }) => line).join('\n')
  const engine = new SignatureEngine(compileRules([{ file: 'made.rules', text }]))
  for (let i = 0; i < PACKETS; i++) {
    const { described, buffers } = makePacket(random)
    const bytes = packetOf(described)
    if (bytes === null) continue
    tried(bytes)
    const packet = trialPacket(described, 'device', false)
    const topic = new TextEncoder().encode(described.publish?.topic ?? '')
    const wanted = referenceSids(made, buffers).join()
    for (const named of [null, engine.named(topic)]) {
      const hits = engine.inspect({ ...packet, named }, new FlowMemory(), 0)
      const found = hits.map(({ rule }) => rule.sid).sort((a, b) => a - b)
      tally.frames += found.length
      if (found.join() !== wanted) return `fires ${found.join()} and should ${wanted}:\n${text}`
    }
    const broken = mutate(bytes, random)
    tried(broken)
    if (broken.length > 1) {
      let body = 1
      while (body < broken.length && broken[body] >= 0x80) body++
      const parts = { bytes: broken, body: Math.min(body + 1, broken.length), end: broken.length, type: broken[0] >> 4 }
      engine.inspect(
        { ...packet, ...parts, flags: broken[0] & 15, version: random.pick([0, 3, 4, 5]) },
        new FlowMemory(),
        0,
      )
    }
  }
  return null
}

function makePacket(random: Random): { described: Described; buffers: Buffers } {
  const version = random.pick([4, 5])
  const texts = () => word(random, 1, 14)
  switch (random.below(4)) {
    case 0: {
      const topics = Array.from({ length: 1 + random.below(4) }, texts)
      return { described: { version, subscribe: { topics } }, buffers: new Map([[KEYWORDS[2], topics]]) }
    }
    case 1: {
      const [clientid, message] = [texts(), texts()]
      const buffers = new Map([
        [KEYWORDS[3], [clientid]],
        [KEYWORDS[4], [message]],
      ])
      return { described: { version, connect: { clientid, will: { topic: 'w', message } } }, buffers }
    }
    default: {
      const [topic, message] = [texts(), texts()]
      const buffers = new Map([
        [KEYWORDS[0], [topic]],
        [KEYWORDS[1], [message]],
      ])
      return { described: { version, publish: { topic, message, qos: random.below(3) } }, buffers }
    }
  }
}

function patterns(random: Random, tried: Tried): string | null {
  for (let i = 0; i < PATTERNS; i++) {
    const { source, flags, text } = makePattern(random)
    tried(new TextEncoder().encode(`${source} ${text}`))
    const found = matchPattern(source, flags, text)
    const wanted = new RegExp(source, flags).test(text)
    if (found !== wanted) return `/${source}/${flags} in "${text}": ${found}, and should be ${wanted}`
  }
  const { source, text } = makeCatastrophe(random)
  tried(new TextEncoder().encode(source))
  const found = matchPattern(source, '', text)
  return typeof found === 'string' ? `/${source}/: ${found}` : null
}

/** Rules with a few bytes changed are read or refused with a place. */
function mutants(made: readonly MadeRule[], random: Random, tally: Tally, tried: Tried): string | null {
  for (let i = 0; i < MUTANTS; i++) {
    const bytes = mutate(new TextEncoder().encode(random.pick(made).line), random)
    tried(bytes)
    try {
      compileRules([{ file: 'mutant.rules', text: new TextDecoder().decode(bytes) }])
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const [{ code, place }] = error.problems
      tally.faults.set(code, (tally.faults.get(code) ?? 0) + 1)
      if (place.line === undefined || place.column === undefined) return `${code} has no place`
    }
  }
  return null
}
