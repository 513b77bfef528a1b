import type { ValidateFunction } from 'ajv/dist/2020.js'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Json, PayloadLimits } from '../../src/index.ts'
import type { Reference } from './format.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const NOTHING: ReadonlySet<string> = new Set()
const UNSAFE: ReadonlySet<string> = new Set(['payload_number'])
const BAD: Reference = { good: false, codes: NOTHING }

/** Compiles a schema with ajv. */
export function ajvOf(schema: Json): ValidateFunction {
  // What a double cannot tell from a multiple is one. Without allErrors it skips `contains` for [] beside `prefixItems`.
  const ajv = new Ajv2020({ strict: false, logger: false, allErrors: true, multipleOfPrecision: 9 })
  // With it some schemas make ajv throw; nothing here asks what was evaluated.
  ajv.opts.unevaluated = false
  return ajv.compile(schema as object | boolean)
}

/**
 * What JSON.parse and ajv say of a text, and the limits as its tokens show them: a text over one of them is not good. An integer
 * beyond 2^53 may be refused, by what the shape wants.
 */
export function referenceOf(validate: ValidateFunction, bytes: Uint8Array, limits: PayloadLimits): Reference {
  let text: string
  let value: unknown
  try {
    text = decoder.decode(bytes)
    value = JSON.parse(text)
  } catch {
    return BAD
  }
  const found = lookThrough(text, limits)
  if (found === 'over' || !validate(value)) return BAD
  return { good: true, codes: found === 'unsafe' ? UNSAFE : NOTHING }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[-+.0-9eE]+|[{}[\],:]/g

function lookThrough(text: string, limits: PayloadLimits): 'over' | 'unsafe' | 'fine' {
  const open: { keys: Set<string> | null; count: number }[] = []
  let unsafe = false
  const tokens = text.match(TOKEN) ?? []
  for (const [i, token] of tokens.entries()) {
    const top = open.at(-1)
    if (token === '{' || token === '[') {
      open.push({ keys: token === '{' ? new Set() : null, count: 0 })
      if (open.length > limits.depth) return 'over'
    } else if (token === '}' || token === ']') open.pop()
    else if (token.startsWith('"')) {
      const plain = JSON.parse(token) as string
      if (!plain.isWellFormed() || Buffer.byteLength(token) - 2 > limits.stringBytes) return 'over'
      if (tokens[i + 1] === ':' && top?.keys) {
        if (top.keys.has(plain)) return 'over'
        top.keys.add(plain)
        if (top.keys.size > limits.members) return 'over'
      }
    } else if (/^[-0-9]/.test(token)) {
      const number = Number(token)
      if (!Number.isFinite(number) || token.length > limits.stringBytes) return 'over'
      if (Number.isInteger(number) && !Number.isSafeInteger(number)) unsafe = true
    }
    // One item more than commas.
    if (token === ',' && top !== undefined && top.keys === null && ++top.count >= limits.members) return 'over'
  }
  return unsafe ? 'unsafe' : 'fine'
}
