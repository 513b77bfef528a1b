import { LearnError } from '../../base/error.ts'

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }

/** Lists and objects in one another: more than any model's options take, and far fewer than a stack holds. */
const DEEPEST = 100

/**
 * JSON whose bytes do not depend on the order in which an object was made (RFC 8785): names in order, no blanks.
 * Errors: `model_value` where a number is none; `model_malformed` where lists or objects lie more than 100 deep.
 */
export function canonical(value: Json): string {
  return written(value, 0)
}

function written(value: Json, depth: number): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new LearnError('model_value', `${value} cannot be kept in a model file`)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (depth === DEEPEST)
    throw new LearnError('model_malformed', `no model file: lists and objects lie more than ${DEEPEST} deep in it`)
  if (isList(value)) return `[${value.map(each => written(each, depth + 1)).join(',')}]`
  const entries = Object.keys(value)
    .sort()
    .flatMap(name => {
      const held = value[name]
      return held === undefined ? [] : [`${JSON.stringify(name)}:${written(held, depth + 1)}`]
    })
  return `{${entries.join(',')}}`
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value)

/** SHA-256 as hex digits, by WebCrypto, which is in Node and in browsers. */
export async function digestOf(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : Uint8Array.from(data)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('')
}
