import type { CaptureForm, Json, Names } from '../shape.ts'

/** A schema that is an object. */
export type SchemaNode = { readonly [keyword: string]: Json }

/** What a caller adds to the shape of a schema node. */
export interface Annotations {
  readonly capture?: number
  readonly captureForm?: CaptureForm
  /** Takes the place of the node's `const` or `enum`. */
  readonly placeholder?: keyof Names
}

export interface SchemaOptions {
  /** Keywords that the caller handles itself; a name that ends in `*` stands for all that begin so. */
  readonly extra?: ReadonlySet<string>
  /** Asked for each schema object once, with the JSON pointer to it within the schema. */
  readonly annotate?: (node: SchemaNode, pointer: string) => Annotations | null
}
