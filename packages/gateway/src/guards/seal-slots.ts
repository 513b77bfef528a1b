import { MacKernel, SealVerifier } from '@ringwall/proof'

/** Keys of devices and epochs that a worker holds at once, 64 bytes each. */
const SLOTS = 4_096

/** The key of a device in an epoch, 32 bytes; null where that epoch is not accepted. */
export type KeyOf = (device: string, epoch: number) => Uint8Array | null

/** The keys by which seals are verified, where the kernel finds them: each made when it is first needed, the longest unused giving way. */
export class SealSlots {
  readonly verifier: SealVerifier
  readonly #kernel: MacKernel
  readonly #keyOf: KeyOf
  /** By device and epoch, the least recently used first. */
  readonly #slots = new Map<string, number>()
  readonly #most: number
  /** How often a slot was given to another key. */
  readonly #turns: Int32Array

  /**
   * @param longest bytes of the longest message that is sealed, topic and headers included
   * @param most keys that are held at once
   */
  constructor(keyOf: KeyOf, longest: number, most = SLOTS) {
    this.#most = most
    this.#turns = new Int32Array(most)
    this.#kernel = new MacKernel(most, longest)
    this.verifier = new SealVerifier(this.#kernel)
    this.#keyOf = keyOf
  }

  /** How often a slot has changed hands: whoever remembers a slot remembers this too, and asks again where it has changed. */
  turnOf(slot: number): number {
    return slot < 0 ? 0 : this.#turns[slot]
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
    this.#kernel.setKey(slot, key)
    key.fill(0)
    this.#slots.set(name, slot)
    return slot
  }

  #oldest(): number {
    const [[name, slot] = ['', 0]] = this.#slots
    this.#slots.delete(name)
    return slot
  }
}
