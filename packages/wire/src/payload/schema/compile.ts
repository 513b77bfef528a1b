import { type Json, type Shape, Types } from '../shape.ts'
import { APPLICATORS } from './applicators.ts'
import { ASSERTIONS } from './assertions.ts'
import type { Compiler, Draft } from './compiler.ts'
import { findUnending } from './loops.ts'
import type { Annotations, SchemaNode, SchemaOptions } from './options.ts'
import { isObject, pointerTo } from './pointer.ts'
import type { SchemaProblem } from './problem.ts'
import { findAnchors, resolve } from './references.ts'
import { SUPPORTED, unsupported } from './supported.ts'

const DIALECT = 'https://json-schema.org/draft/2020-12/schema'
const DEEPEST = 64

/** Which keyword gives another its effect. */
const PARTNERS: Readonly<Record<string, string>> = {
  // biome-ignore lint/suspicious/noThenProperty: the keyword's name; nothing awaits the table
  then: 'if',
  else: 'if',
  minContains: 'contains',
  maxContains: 'contains',
}

/**
 * Makes a shape of a JSON Schema of 2020-12. What it does not support is a problem, never ignored: `unevaluated…`,
 * `$dynamicRef`, `format`, references out of the schema, and every keyword that neither it nor `options.extra` knows.
 */
export function compileSchema(schema: Json, options: SchemaOptions = {}): Shape | readonly SchemaProblem[] {
  const compilation = new Compilation(schema, options)
  const shape = compilation.shape(schema, '')
  if (compilation.problems.length === 0) compilation.refuseUnending()
  return compilation.problems.length === 0 ? shape : compilation.problems
}

/** Tells a shape from problems. */
export function isShape(compiled: Shape | readonly SchemaProblem[]): compiled is Shape {
  return !Array.isArray(compiled)
}

class Compilation implements Compiler {
  readonly problems: SchemaProblem[] = []
  readonly #root: Json
  readonly #options: SchemaOptions
  readonly #anchors: ReadonlyMap<string, string>
  // By pointer, so that a reference means the same shape and a cycle ends.
  readonly #shapes = new Map<string, Shape>()
  #depth = 0

  constructor(root: Json, options: SchemaOptions) {
    this.#root = root
    this.#options = options
    this.#anchors = findAnchors(root, this)
  }

  problem(code: string, pointer: string, why: string, hint: string): void {
    this.problems.push({ code, pointer, why, hint })
  }

  shape(schema: Json, pointer: string): Shape {
    const known = this.#shapes.get(pointer)
    if (known !== undefined) return known
    const draft: Draft = { types: schema === false ? 0 : Types.any }
    this.#shapes.set(pointer, draft)
    if (this.#depth >= DEEPEST) {
      this.problem('schema_depth', pointer, `schemas are nested deeper than ${DEEPEST}`, 'flatten it with $defs')
    } else if (isObject(schema)) {
      this.#depth++
      this.#node(schema, draft, pointer)
      this.#depth--
    } else if (typeof schema !== 'boolean') {
      this.problem('schema_value', pointer, 'this is no schema', 'write an object, true or false')
    }
    return draft
  }

  refuseUnending(): void {
    const found = findUnending(this.#shapes.values(), DEEPEST)
    if (found === null) return
    const [pointer = ''] = [...this.#shapes].find(([, shape]) => shape === found.shape) ?? []
    if (found.why === 'loop') {
      const why = 'the schema refers to itself for the same value'
      this.problem('schema_loop', pointer, why, 'refer to it for a member or an item only')
    } else {
      const why = `more than ${DEEPEST} schemas refer to one another for the same value`
      this.problem('schema_depth', pointer, why, 'write them as one')
    }
  }

  #node(node: SchemaNode, draft: Draft, pointer: string): void {
    const notes = this.#options.annotate?.(node, pointer) ?? null
    if (notes !== null) Object.assign(draft, defined(notes))
    for (const [keyword, value] of Object.entries(node)) {
      this.#keyword(keyword, value, node, draft, pointerTo(pointer, keyword), pointer)
    }
  }

  #keyword(keyword: string, value: Json, node: SchemaNode, draft: Draft, pointer: string, owner: string): void {
    const partner = Object.hasOwn(PARTNERS, keyword) ? PARTNERS[keyword] : undefined
    if (partner !== undefined && !Object.hasOwn(node, partner)) {
      this.problem(
        'schema_alone',
        pointer,
        `${keyword} means nothing without ${partner}`,
        `add ${partner}, or remove it`,
      )
    }
    if (keyword === 'const' || keyword === 'enum') this.#choices(keyword, value, draft, pointer)
    else if (Object.hasOwn(ASSERTIONS, keyword)) ASSERTIONS[keyword](value, draft, this, pointer)
    else if (Object.hasOwn(APPLICATORS, keyword)) APPLICATORS[keyword](value, draft, this, pointer)
    else if (keyword === '$ref') this.#reference(value, draft, pointer)
    else if (keyword === '$defs') this.#definitions(value, pointer)
    else if (keyword === '$schema') this.#dialect(value, pointer)
    else if (keyword === '$id') this.#identifier(value, pointer, owner)
    else if (!SUPPORTED.has(keyword) && !this.#isExtra(keyword)) this.problems.push(unsupported(keyword, pointer))
  }

  #choices(keyword: string, value: Json, draft: Draft, pointer: string): void {
    if (draft.placeholder !== undefined) return
    const choice: Draft = { types: Types.any }
    if (keyword === 'const') choice.enum = [value]
    else ASSERTIONS['enum'](value, choice, this, pointer)
    if (choice.enum === undefined) return
    // Where both are there, both hold.
    if (draft.enum === undefined) draft.enum = choice.enum
    else draft.allOf = [...(draft.allOf ?? []), choice]
  }

  #reference(value: Json, draft: Draft, pointer: string): void {
    const target = resolve(value, this.#root, this.#anchors, this, pointer)
    if (target === null) return
    draft.allOf = [...(draft.allOf ?? []), this.shape(target.schema, target.pointer)]
  }

  #definitions(value: Json, pointer: string): void {
    if (!isObject(value)) {
      this.problem('schema_value', pointer, 'the definitions are no object', 'write an object of schemas')
      return
    }
    for (const [name, schema] of Object.entries(value)) this.shape(schema, pointerTo(pointer, name))
  }

  #dialect(value: Json, pointer: string): void {
    if (value === DIALECT || value === `${DIALECT}#`) return
    this.problem('schema_dialect', pointer, `the dialect is ${JSON.stringify(value)}`, `write ${DIALECT}`)
  }

  #identifier(value: Json, pointer: string, owner: string): void {
    if (owner === '' && typeof value === 'string') return
    const hint = 'only the whole schema may have one; refer to the part by #/$defs/NAME or $anchor'
    this.problem('schema_reference', pointer, 'this $id begins a schema within the schema', hint)
  }

  #isExtra(keyword: string): boolean {
    const extra = this.#options.extra
    if (extra === undefined) return false
    if (extra.has(keyword)) return true
    for (const one of extra) if (one.endsWith('*') && keyword.startsWith(one.slice(0, -1))) return true
    return false
  }
}

function defined(notes: Annotations): Annotations {
  return Object.fromEntries(Object.entries(notes).filter(([, value]) => value !== undefined))
}
