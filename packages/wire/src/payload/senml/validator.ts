import { bytesOf } from '../../mqtt/utf8.ts'
import type { Captures } from '../captures.ts'
import { CborReader } from '../cbor/reader.ts'
import type { Names } from '../shape.ts'
import { shapeFault } from '../tape/fault.ts'
import { judge } from '../tape/judge.ts'
import { Judging } from '../tape/judging.ts'
import { type Compiled, compileNode } from '../tape/node.ts'
import { pointerTo } from '../tape/pointer.ts'
import { PAYLOAD_LIMITS, type PayloadFault, type PayloadLimits, type PayloadValidator } from '../validator.ts'
import { senmlDialect } from './dialect.ts'
import { JsonReader } from './json.ts'
import { partsOfName } from './name.ts'
import { SenmlPack } from './pack.ts'
import { type SenmlSpec, SUM_SUFFIX } from './spec.ts'
import { UnitTable } from './units.ts'

/**
 * Checks SenML packs (RFC 8428) in JSON or CBOR. A pack is resolved and seen as an object: for each record's name, behind the
 * spec's base name, its value; for each sum the member `NAME#sum`. Data (`vd`) are base64url text without padding in both.
 *
 * - Every record has one value (`v`, `vs`, `vb`, `vd`), or a sum, or both; a base value or base sum alone is none.
 * - A name may come again at a later time only. All its values are judged, each as if it were the only one; the last is captured.
 * - The time is base time and time, as sent: from 2^28 on seconds since 1970, below that relative to when the pack came.
 * - A label that ends in an underscore is refused, and so is every other that RFC 8428 does not know unless the spec ignores them.
 *   In CBOR the known labels are integers, and an unknown integer is refused always; so are decimal fractions (tag 4).
 * - A `bver` other than 10 is refused.
 */
export function senmlValidator(
  spec: SenmlSpec,
  encoding: 'json' | 'cbor',
  limits: PayloadLimits = PAYLOAD_LIMITS,
): PayloadValidator {
  return new SenmlValidator(spec, encoding === 'cbor', limits)
}

class SenmlValidator implements PayloadValidator {
  readonly slots: number
  readonly #compiled: Compiled
  readonly #timeSlot: number
  readonly #judging: Judging
  readonly #reader: JsonReader | CborReader
  readonly #pack: SenmlPack
  #state: 'good' | 'unread' | 'unfit' = 'good'

  constructor(spec: SenmlSpec, cbor: boolean, limits: PayloadLimits) {
    this.#judging = new Judging(limits)
    const { tape } = this.#judging
    const units = new UnitTable(spec.units ?? new Map())
    const parts = partsOfName(spec.baseName ?? '')
    const ignores = spec.otherLabels === 'ignore'
    this.#compiled = compileNode(spec.shape)
    this.#timeSlot = spec.timeSlot ?? -1
    this.slots = Math.max(this.#compiled.slots, units.slots, this.#timeSlot + 1)
    this.#reader = cbor ? new CborReader(tape, limits, senmlDialect) : new JsonReader(tape, limits)
    this.#pack = new SenmlPack({ parts, units, suffix: bytesOf(SUM_SUFFIX), cbor, ignores }, limits.members)
  }

  check(bytes: Uint8Array, start: number, end: number, names: Names, captures: Captures): boolean {
    captures.clear(this.slots)
    this.#judging.begin(names, captures)
    this.#state = 'unread'
    if (!this.#reader.read(bytes, start, end)) return false
    if (!this.#pack.resolve(this.#reader, this.#judging)) return false
    this.#state = 'unfit'
    if (!this.#judgeEarlier() || !judge(this.#judging, this.#compiled.node, this.#pack.object)) return false
    if (!this.#judging.decided) return false
    if (this.#timeSlot >= 0) captures.set(this.#timeSlot, this.#pack.time, 0, 0)
    this.#state = 'good'
    return true
  }

  get fault(): PayloadFault | null {
    if (this.#state === 'good') return null
    return this.#state === 'unread' ? this.#reader.fault() : this.#unfit()
  }

  /** Judges the object with each of the values that were not the last of their name. */
  #judgeEarlier(): boolean {
    const pack = this.#pack
    const judging = this.#judging
    for (let i = 0; i < pack.earlier; i++) {
      const member = pack.earlierMembers[i]
      const last = judging.tape.numbers[pack.valueOf(member)]
      pack.put(this.#reader, member, pack.earlierItems[i], pack.earlierNumbers[i])
      judging.quiet++
      const holds = judge(judging, this.#compiled.node, pack.object)
      judging.quiet--
      if (!holds) return false
      pack.put(this.#reader, member, pack.itemOf(member), last)
    }
    return true
  }

  /** What the shape had against the object, at the field of the pack that it came from. */
  #unfit(): PayloadFault {
    const { tape, item } = this.#judging
    const { object } = this.#pack
    const found = shapeFault(this.#judging, object)
    if (item === object) return { ...found, where: '', offset: tape.starts[0] }
    // A key stands before its value.
    const value = (item - object) % 2 === 1 ? item + 1 : item
    let field = 0
    for (let at = 1; at < object && field === 0; at++) {
      const same = tape.starts[at] === tape.starts[value] && tape.ends[at] === tape.ends[value]
      if (same && tape.apart[at] === tape.apart[value]) field = at
    }
    return { ...found, where: pointerTo(tape, 0, field), offset: tape.apart[field] === 0 ? tape.starts[field] : 0 }
  }
}
