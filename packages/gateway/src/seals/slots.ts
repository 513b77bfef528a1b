import { bindMac } from '@ringwall/native'
import { type Covered, MacKernel, SealVerifier, type SealView } from '@ringwall/proof'
import type { Tap } from '../contract/index.ts'
import { AheadView } from './ahead-view.ts'

/** Keys of devices and epochs that a worker holds at once, 64 bytes each. */
const SLOTS = 4_096

/** The key of a device in an epoch, 32 bytes; null where that epoch is not accepted. */
export type KeyOf = (device: string, epoch: number) => Uint8Array | null

/** What is known of a MAC: there is no key for it, it is another one, or it is right. */
export const Mac = { keyless: -1, wrong: 0, right: 1 } as const

/** Where a key was found last: whoever verifies one device's seals keeps it, and need not look again. */
export interface KeyPlace {
  device: string
  epoch: number
  /** -1 where the epoch is not accepted. */
  slot: number
  /** How often the slot had changed hands when it was given. */
  turn: number
  /** Whose slot it is: a reload brings others. */
  from: SealSlots | null
}

export const nowhere = (): KeyPlace => ({ device: '', epoch: 0, slot: -1, turn: 0, from: null })

/** The keys by which seals are verified, where the kernel finds them: each made when it is first needed, the longest unused giving way. */
export class SealSlots {
  readonly verifier: SealVerifier
  /** Where the answers of `judge` pass by, null for nowhere: so a recording is judged again without any key. */
  tap: Tap | null = null
  readonly kernel: MacKernel
  readonly #keyOf: KeyOf
  /** By device and epoch, the least recently used first. */
  readonly #slots = new Map<string, number>()
  readonly #most: number
  /** How often a slot was given to another key. */
  readonly #turns: Int32Array

  /**
   * @param longest bytes of the longest message that is sealed, topic and headers included
   * @param most keys that are held at once
   * @param bind what verifies in place of WebAssembly; null for nothing
   */
  constructor(keyOf: KeyOf, longest: number, most = SLOTS, bind = bindMac) {
    this.#most = most
    this.#turns = new Int32Array(most)
    this.kernel = new MacKernel(most, longest, bind)
    this.verifier = new SealVerifier(this.kernel)
    this.#keyOf = keyOf
  }

  /** Comes to the place of a key. */
  find(place: KeyPlace, device: string, epoch: number): void {
    const isSame = place.epoch === epoch && place.device === device && place.from === this
    if (isSame && place.turn === this.#turnOf(place.slot)) return
    place.slot = this.of(device, epoch)
    place.device = device
    place.epoch = epoch
    place.turn = this.#turnOf(place.slot)
    place.from = this
  }

  /** Whether a seal's MAC holds by the key in this place (one of `Mac`). What was worked out ahead of its act counts where it was by that key. */
  judge({ slot, turn }: KeyPlace, view: SealView, covered: Covered): number {
    const isAhead = view instanceof AheadView && view.by === this && view.slot === slot && view.turn === turn
    const mac = slot < 0 ? Mac.keyless : isAhead ? view.mac : this.verifier.verify(slot, view, covered) ? 1 : 0
    return this.tap === null ? mac : this.tap.pass(mac)
  }

  /** The slot of a key, -1 where the epoch is not accepted. */
  of(device: string, epoch: number): number {
    const name = `${epoch} ${device}`
    const known = this.#slots.get(name)
    if (known !== undefined) {
      this.#slots.delete(name)
      this.#slots.set(name, known)
      return known
    }
    const key = this.#keyOf(device, epoch)
    if (key === null) return -1
    const slot = this.#slots.size < this.#most ? this.#slots.size : this.#oldest()
    this.#turns[slot]++
    this.kernel.setKey(slot, key)
    key.fill(0)
    this.#slots.set(name, slot)
    return slot
  }

  #turnOf(slot: number): number {
    return slot < 0 ? 0 : this.#turns[slot]
  }

  #oldest(): number {
    const [[name, slot] = ['', 0]] = this.#slots
    this.#slots.delete(name)
    return slot
  }
}
