import type { Json, Shape } from '../shape.ts'

/** A shape while it is made. */
export type Draft = { -readonly [Field in keyof Shape]: Shape[Field] }

/** What the readers of keywords are given. */
export interface Compiler {
  /** The shape of a schema that lies at the pointer. */
  shape(schema: Json, pointer: string): Shape
  problem(code: string, pointer: string, why: string, hint: string): void
}

/** Reads one keyword's value into the draft; `pointer` leads to the value. */
export type KeywordReader = (value: Json, draft: Draft, compiler: Compiler, pointer: string) => void
