import { type HmacKey, LAST_SEQUENCE, ProofError, type Seal, Sealer, sealKey } from '@ringwall/proof'
import type { Identity, KeyStore } from './key-store.ts'

/** Numbers that are reserved at once: so many messages cost one write to the store, and a crash skips as many at most. */
export const DEFAULT_STEP = 1_024

export interface SealedDeviceOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now?: () => number
  readonly step?: number
}

const NOTHING = new Uint8Array(0)

/**
 * Seals what one device says. Before a number is used the store says that it is, so no number is used twice whenever the power fails; the
 * chain then begins anew behind the reserved ones, and the gateway calls that `resumed`.
 */
export class SealedDevice {
  readonly #store: KeyStore
  readonly #now: () => number
  readonly #step: number
  readonly #sealer: Sealer
  #identity: Identity
  #isOpen = true

  /** Errors: those of the store; `seal_step`, `seal_secret`, `seal_epoch`. */
  constructor(store: KeyStore, options: SealedDeviceOptions = {}) {
    const { now = Date.now, step = DEFAULT_STEP } = options
    if (!Number.isInteger(step) || step < 1)
      throw new ProofError('seal_step', `${step} numbers cannot be reserved at once`)
    const identity = store.load()
    this.#store = store
    this.#now = now
    this.#step = step
    this.#identity = identity
    const { sequence, previous, epoch } = identity
    this.#sealer = new Sealer(this.#key(epoch), epoch, { sequence, previous })
  }

  get device(): string {
    return this.#identity.device
  }

  get epoch(): number {
    return this.#identity.epoch
  }

  /**
   * Seals a message. They must be sent in this order. Errors: `device_closed`; `seal_exhausted`, `seal_time`; those of the store, and then
   * no number is used.
   */
  seal(topic: string, payload: Uint8Array): Seal {
    this.#mustBeOpen()
    const { state } = this.#sealer
    if (state.sequence >= this.#identity.sequence) {
      this.#save({ sequence: Math.min(state.sequence + this.#step, LAST_SEQUENCE), previous: NOTHING })
    }
    return this.#sealer.seal(topic, payload, this.#now())
  }

  /**
   * Goes on with the key of a later epoch, in the same chain; the gateway takes both for as long as its epochs overlap. Errors:
   * `device_closed`, `seal_epoch` where it is no later one; those of the store, and then the old key stays.
   */
  rotate(epoch: number): void {
    this.#mustBeOpen()
    if (epoch <= this.epoch) throw new ProofError('seal_epoch', `epoch ${epoch} is not later than ${this.epoch}`)
    const key = this.#key(epoch)
    this.#save({ epoch })
    this.#sealer.rotate(key, epoch)
  }

  /** Keeps where the chain stands, so that the next start goes on without a jump. Nothing can be sealed afterwards. */
  close(): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { sequence, previous } = this.#sealer.state
    this.#save({ sequence, previous })
  }

  #save(changed: Partial<Identity>): void {
    const identity = { ...this.#identity, ...changed }
    this.#store.save(identity)
    this.#identity = identity
  }

  #key(epoch: number): HmacKey {
    return sealKey(this.#identity.secret, this.#identity.device, epoch)
  }

  #mustBeOpen(): void {
    if (!this.#isOpen) throw new ProofError('device_closed', 'the device was closed: open its key store again')
  }
}
