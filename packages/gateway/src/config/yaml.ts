import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from 'yaml'
import type { Place } from '../base/error.ts'
import { fieldName, type Path, type Problem, quote } from './problem.ts'

/** A parsed file: its plain value, and where each part of it stands. */
export interface Source {
  readonly value: unknown
  /** The place of a value, of its key, or of the nearest part around it that exists. */
  place(path: Path, part?: 'key' | 'value'): Place
}

const LARGEST_FILE = 1024 ** 2
const DEEPEST = 16
// After a few errors of syntax the others are their consequences.
const MOST_ERRORS = 10

/**
 * Reads YAML 1.2 (and so JSON) without what makes YAML surprising: anchors, aliases, tags, directives, several
 * documents, duplicate keys and keys that are not text are problems.
 */
export function readYaml(text: string, file: string): { source?: Source; problems: Problem[] } {
  const lines = new LineCounter()
  const at = (offset: number | undefined, field?: string): Place => {
    const { line, col } = lines.linePos(offset ?? 0)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1), ...(field ? { field } : {}) }
  }
  const problem = (code: string, what: string, hint: string, offset = 0, field = ''): Problem => ({
    code,
    what,
    hint,
    place: at(offset, field),
  })
  if (text.length > LARGEST_FILE) {
    return {
      problems: [problem('config_too_large', `the file has ${text.length} characters`, `At most ${LARGEST_FILE}.`)],
    }
  }
  const document = parse(text, lines)
  if (document === undefined) {
    return { problems: [problem('config_too_deep', 'the file is nested too deeply', `At most ${DEEPEST} levels.`)] }
  }
  const errors = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
    problem('config_yaml', `this is not the YAML that is read here (${code})`, `${message.split('\n')[0]}.`, pos[0]),
  )
  if (document.directives?.yaml.explicit) {
    errors.push(problem('config_yaml', 'the file has a %YAML directive', 'Remove it: YAML 1.2 is read.'))
  }
  if (errors.length > 0) return { problems: errors.slice(0, MOST_ERRORS) }
  const root = document.contents
  if (root === null || (isScalar(root) && root.value === null)) {
    return {
      problems: [problem('config_empty', 'the file holds no configuration', 'Start with `site:` and `listen:`.')],
    }
  }
  const hazards = inspect(root, problem)
  if (hazards.length > 0) return { problems: hazards }
  const place = (path: Path, part: 'key' | 'value' = 'value') => at(offsetOf(root, path, part), fieldName(path))
  return { source: { value: document.toJS({ maxAliasCount: 0 }), place }, problems: [] }
}

function parse(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    // Duplicate keys are looked for below: the library's own search takes quadratic time.
    return parseDocument(text, {
      lineCounter,
      prettyErrors: false,
      uniqueKeys: false,
      version: '1.2',
      logLevel: 'error',
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

type Report = (code: string, what: string, hint: string, offset?: number, field?: string) => Problem

/** Finds what is legal YAML and yet refused. */
function inspect(root: Node, problem: Report): Problem[] {
  const found: Problem[] = []
  const waiting: { node: unknown; path: Path }[] = [{ node: root, path: [] }]
  for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) {
    const { node, path } = entry
    const say = (code: string, what: string, hint: string, offset?: number) =>
      found.push(problem(code, what, hint, offset, fieldName(path)))
    if (isAlias(node) || ((isScalar(node) || isCollection(node)) && node.anchor !== undefined)) {
      say('config_alias', 'anchors and aliases are not read', 'Write the value out.', node.range?.[0])
      continue
    }
    if (!isScalar(node) && !isCollection(node)) continue
    if (node.tag !== undefined) {
      say('config_tag', `the tag ${quote(node.tag)} is not read`, 'Write the plain value.', node.range?.[0])
      continue
    }
    if (path.length > DEEPEST) {
      say('config_too_deep', 'the file is nested too deeply', `At most ${DEEPEST} levels.`, node.range?.[0])
    } else if (isSeq(node)) {
      waiting.push(...node.items.map((item, index) => ({ node: item, path: [...path, index] })))
    } else if (isMap(node)) {
      const seen = new Set<string>()
      for (const { key, value } of node.items) {
        if (!isScalar(key) || typeof key.value !== 'string' || key.anchor !== undefined || key.tag !== undefined) {
          say(
            'config_key',
            'a key is not plain text',
            'Write keys as words.',
            (isNode(key) ? key.range : node.range)?.[0],
          )
          continue
        }
        if (seen.has(key.value)) {
          say('config_duplicate_key', `the key ${quote(key.value)} stands here twice`, 'Keep one.', key.range?.[0])
        }
        seen.add(key.value)
        waiting.push({ node: value, path: [...path, key.value] })
      }
    }
  }
  return found
}

function offsetOf(root: Node, path: Path, part: 'key' | 'value'): number | undefined {
  let node: unknown = root
  let offset = root.range?.[0]
  // Where to look for what is missing inside: at the key that the section belongs to, or at the item of a list.
  let around = offset
  for (const [depth, step] of path.entries()) {
    if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      around = undefined
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && key.value === step)
      if (pair === undefined) return around
      around = isScalar(pair.key) ? pair.key.range?.[0] : around
      if (part === 'key' && depth === path.length - 1) return around
      node = pair.value
    }
    if (!isScalar(node) && !isCollection(node)) return around ?? offset
    // An empty value has no text of its own: its key is the place to look at.
    offset = isScalar(node) && node.value === null ? (around ?? offset) : node.range?.[0]
    around ??= offset
  }
  return offset
}
