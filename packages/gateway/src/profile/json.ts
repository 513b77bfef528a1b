import { Flaw, quote } from '../config/problem.ts'

/** What is wrong with a text that is JSON all the same, with the JSON pointer to it. */
export interface TextFlaw {
  readonly code: string
  readonly flaw: Flaw
  readonly pointer: string
}

/** Twice as deep as schemas may be nested, and what stands around them. */
const DEEPEST = 160
const MOST = 10

interface Frame {
  /** The keys of an object so far; null for a list. */
  readonly keys: Set<string> | null
  step: string | number
  isKeyNext: boolean
}

/**
 * Finds what JSON.parse passes over: keys that stand twice (RFC 8259, section 4: who reads which one nobody knows), and values
 * nested so deeply that walking them would end in the stack. The text is known to be JSON.
 */
export function textFlaws(text: string): TextFlaw[] {
  const found: TextFlaw[] = []
  const frames: Frame[] = []
  for (let at = 0; at < text.length && found.length < MOST; at++) {
    const frame = frames.at(-1)
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at)
        if (frame?.keys && frame.isKeyNext) takeKey(frame, text.slice(at, end + 1), text, at, frames, found)
        at = end
        break
      }
      case '{':
      case '[':
        if (frames.length === DEEPEST) return [...found, tooDeep(frames)]
        frames.push({ keys: text[at] === '{' ? new Set() : null, step: 0, isKeyNext: true })
        break
      case '}':
      case ']':
        frames.pop()
        break
      case ',':
        if (frame === undefined) break
        if (frame.keys === null) frame.step = Number(frame.step) + 1
        frame.isKeyNext = true
    }
  }
  return found
}

function takeKey(frame: Frame, raw: string, text: string, at: number, frames: readonly Frame[], found: TextFlaw[]) {
  const key = raw.includes('\\') ? String(JSON.parse(raw)) : raw.slice(1, -1)
  frame.step = key
  frame.isKeyNext = false
  if (frame.keys!.has(key)) {
    const line = text.slice(0, at).split('\n').length
    const flaw = new Flaw(`the key ${quote(key)} stands here twice (line ${line})`, 'Keep one.')
    found.push({ code: 'profile_duplicate', flaw, pointer: pointerOf(frames) })
  }
  frame.keys!.add(key)
}

function tooDeep(frames: readonly Frame[]): TextFlaw {
  const flaw = new Flaw(`it is nested deeper than ${DEEPEST}`, 'Flatten it, in schemas with $defs.')
  return { code: 'profile_schema', flaw, pointer: pointerOf(frames.slice(0, 4)) }
}

function endOfString(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}

const pointerOf = (frames: readonly Frame[]) =>
  frames.map(({ step }) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
