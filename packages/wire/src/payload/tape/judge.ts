import { Types } from '../shape.ts'
import { indexInEnum, sameValue, valueHash } from './constant.ts'
import type { Judging } from './judging.ts'
import { memberOf } from './keys.ts'
import type { Dependency, Node } from './node.ts'
import { judgeNumber, judgeText } from './scalars.ts'
import { take } from './take.ts'
import type { Tape } from './tape.ts'

/** Whether an item of the tape is what the shape allows; captures what it is to. */
export function judge(judging: Judging, node: Node, item: number): boolean {
  const kind = judging.tape.kinds[item]
  if ((node.types & kind) === 0) return judging.refuse('type', node, item)
  if (node.enum !== null && indexInEnum(judging.tape, node.enum, item) < 0) return judging.refuse('enum', node, item)
  switch (kind) {
    case Types.integer:
    case Types.fraction:
      if (node.exact && kind === Types.integer && !Number.isSafeInteger(judging.tape.numbers[item]))
        return judging.refuse('exact', node, item)
      if (node.numeric && !judgeNumber(judging, node, item)) return false
      break
    case Types.string:
      if (!judgeText(judging, node, item)) return false
      break
    case Types.array:
      if (!judgeItems(judging, node, item)) return false
      break
    case Types.object:
      if (!judgeMembers(judging, node, item)) return false
      break
  }
  if (node.compound && !judgeCompound(judging, node, item)) return false
  return node.capture < 0 || take(judging, node, item)
}

/** Holds an item that was judged before against one more shape. */
function again(judging: Judging, node: Node, item: number): boolean {
  return judging.affords(node, item) && judge(judging, node, item)
}

/** Whether the shape holds of an item that was judged before, without a capture. */
export function tries(judging: Judging, node: Node, item: number): boolean {
  judging.quiet++
  const holds = again(judging, node, item)
  judging.quiet--
  return holds
}

/** JSON Schema core 2020-12, 10.2. What a shape that does not hold would have captured is not captured. */
function judgeCompound(judging: Judging, node: Node, item: number): boolean {
  for (let i = 0; i < node.allOf.length; i++) if (!again(judging, node.allOf[i], item)) return false
  if (node.anyOf.length > 0 && !judgeAny(judging, node, item)) return false
  if (node.oneOf.length > 0 && !judgeOne(judging, node, item)) return false
  if (node.not !== null && tries(judging, node.not, item)) return judging.refuse('not', node, item)
  if (node.condition === null) return true
  const branch = tries(judging, node.condition, item) ? node.consequent : node.alternative
  return branch === null || again(judging, branch, item)
}

function judgeAny(judging: Judging, node: Node, item: number): boolean {
  let found = false
  for (let i = 0; i < node.anyOf.length; i++) {
    const branch = node.anyOf[i]
    const captures = branch.captures && judging.quiet === 0
    // One that holds is enough, unless a later one has something to capture.
    if ((found && !captures) || !tries(judging, branch, item)) continue
    found = true
    if (captures) again(judging, branch, item)
  }
  return found || judging.refuse('anyOf', node, item)
}

function judgeOne(judging: Judging, node: Node, item: number): boolean {
  let found: Node | null = null
  for (let i = 0; i < node.oneOf.length; i++) {
    if (!tries(judging, node.oneOf[i], item)) continue
    if (found !== null) return judging.refuse('oneOf', node, item)
    found = node.oneOf[i]
  }
  if (found === null) return judging.refuse('oneOf', node, item)
  return !found.captures || judging.quiet > 0 || again(judging, found, item)
}

/** The keywords of arrays: JSON Schema validation 2020-12, 6.4, and core 2020-12, 10.3.1. */
function judgeItems(judging: Judging, node: Node, array: number): boolean {
  const { tape } = judging
  const count = tape.numbers[array]
  if (count < node.minItems) return judging.refuse('minItems', node, array)
  if (count > node.maxItems) return judging.refuse('maxItems', node, array)
  const prefix = node.prefixItems.length
  if (node.items !== null || prefix > 0) {
    let item = array + 1
    for (let i = 0; i < count; i++) {
      const shape = i < prefix ? node.prefixItems[i] : node.items
      if (shape === null) break
      if (!judge(judging, shape, item)) return false
      item = tape.nexts[item]
    }
  }
  if (node.contains !== null && !judgeContains(judging, node, node.contains, array)) return false
  return !node.uniqueItems || count < 2 || unique(judging, node, array) || judging.refuse('uniqueItems', node, array)
}

function judgeContains(judging: Judging, node: Node, contains: Node, array: number): boolean {
  const { nexts } = judging.tape
  const end = nexts[array]
  let found = 0
  for (let item = array + 1; item < end; item = nexts[item]) if (tries(judging, contains, item)) found++
  if (found < node.minContains) return judging.refuse('contains', node, array)
  return found <= node.maxContains || judging.refuse('maxContains', node, array)
}

/** Compares hashes first, so that items of any size cost little. */
function unique(judging: Judging, node: Node, array: number): boolean {
  const { tape } = judging
  const end = tape.nexts[array]
  for (let item = array + 1; item < end; item = tape.nexts[item]) {
    const hash = valueHash(tape, item)
    tape.hashes[item] = hash
    for (let other = array + 1; other < item; other = tape.nexts[other]) {
      if (tape.hashes[other] !== hash) continue
      if (!judging.affords(node, item) || sameValue(tape, other, item)) return false
    }
  }
  return true
}

/** The keywords of objects: JSON Schema validation 2020-12, 6.5, and core 2020-12, 10.2.2.4 and 10.3.2. */
function judgeMembers(judging: Judging, node: Node, object: number): boolean {
  const { tape } = judging
  const count = tape.numbers[object]
  if (count < node.minProperties) return judging.refuse('minProperties', node, object)
  if (count > node.maxProperties) return judging.refuse('maxProperties', node, object)
  const end = tape.nexts[object]
  let required = 0
  for (let key = object + 1; key < end; key = tape.nexts[key + 1]) {
    const index = node.names.find(tape, key)
    let shape: Node | null = null
    if (index >= 0) {
      required += node.required[index]
      shape = node.properties[index]
      if (shape !== null && !judge(judging, shape, key + 1)) return false
    }
    if (!judgeMember(judging, node, key, shape !== null)) return false
  }
  if (required < node.requiredCount) return judging.refuse('required', node, object)
  for (let i = 0; i < node.dependencies.length; i++) {
    if (!judgeDependency(judging, node, node.dependencies[i], object)) return false
  }
  return true
}

/** What is said of a member whatever its exact name. */
function judgeMember(judging: Judging, node: Node, key: number, named: boolean): boolean {
  let known = named
  if (node.patternProperties.length > 0) {
    const { tape } = judging
    for (let i = 0; i < node.patternProperties.length; i++) {
      const one = node.patternProperties[i]
      if (!one.pattern.test(tape.textOf(key), tape.starts[key], tape.ends[key])) continue
      if (known && !judging.affords(one.node, key + 1)) return false
      known = true
      if (!judge(judging, one.node, key + 1)) return false
    }
  }
  if (!known && node.additionalProperties !== null) {
    if (node.additionalProperties.types === 0) return judging.refuse('additionalProperties', node, key)
    if (!judge(judging, node.additionalProperties, key + 1)) return false
  }
  return node.propertyNames === null || judge(judging, node.propertyNames, key)
}

function judgeDependency(judging: Judging, node: Node, dependency: Dependency, object: number): boolean {
  if (!has(judging.tape, node, dependency.name, object)) return true
  for (let i = 0; i < dependency.required.length; i++) {
    if (!has(judging.tape, node, dependency.required[i], object))
      return judging.refuse('dependentRequired', node, object)
  }
  return dependency.node === null || again(judging, dependency.node, object)
}

/** Whether an object has the property that the shape counts so. */
export function has(tape: Tape, node: Node, index: number, object: number): boolean {
  return memberOf(tape, object, node.names.names[index], node.names.hashes[index]) >= 0
}
