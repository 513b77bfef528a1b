import { RingwallError } from '../base/error.ts'
import type { Log } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import { Recorder } from './recorder.ts'

/** Recording as an operator sees it. */
export interface RecordingState {
  readonly on: boolean
  /** The folder of the segments, an empty text where the configuration names none. */
  readonly path: string
  /** Acts that are missing since it began, for the recorder did not keep up. */
  readonly lost: number
  /** Why it ended by itself, an empty text where it did not. */
  readonly failed: string
}

/** Starts and stops recording while the gateway runs. */
export class RecordingDesk {
  readonly #config: Config['record']
  readonly #hand: (recorder: Recorder | null) => void
  readonly #log: Log
  #recorder: Recorder | null = null
  #lost = 0
  #failed = ''

  /** @param hand gives all workers the recorder, or takes it from them */
  constructor(config: Config['record'], log: Log, hand: (recorder: Recorder | null) => void) {
    this.#config = config
    this.#log = log
    this.#hand = hand
  }

  /** Errors: `recording_off` where the configuration says nothing of it, `recording_on` where it runs, and those of `Recorder.start`. */
  start(): RecordingState {
    const config = this.#config
    if (config === 'off') {
      const hint = 'Set record.to to a recipient of age (`ringwall record keygen` makes one), and restart.'
      throw new RingwallError('recording_off', 'the configuration does not say for whom to record', hint, {
        field: 'record',
      })
    }
    if (this.#recorder !== null) {
      throw new RingwallError('recording_on', 'recording runs already', '`ringwall record stop` ends it.')
    }
    const { path: folder, size, keep, to: recipients, payloads } = config
    this.#failed = ''
    this.#lost = 0
    this.#recorder = Recorder.start({ folder, size, keep, recipients, payloads }, error => this.#broke(error))
    this.#hand(this.#recorder)
    this.#log.info({ folder, payloads }, 'recording')
    return this.state
  }

  /** Resolves once all that was recorded is on disk. */
  async stop(): Promise<RecordingState> {
    const recorder = this.#recorder
    if (recorder !== null) {
      this.#hand(null)
      await recorder.stop()
      this.#lost = recorder.lost
      if (this.#recorder === recorder) this.#recorder = null
    }
    return this.state
  }

  get state(): RecordingState {
    return {
      on: this.#recorder !== null,
      path: this.#config === 'off' ? '' : this.#config.path,
      lost: this.#recorder?.lost ?? this.#lost,
      failed: this.#failed,
    }
  }

  /** What the control socket answers, by method and path. */
  get routes(): readonly (readonly [string, () => object | Promise<object>])[] {
    return [
      ['GET /record', () => this.state],
      ['POST /record/start', () => this.start()],
      ['POST /record/stop', () => this.stop()],
    ]
  }

  /** Names of metrics with their sentences and values. */
  get figures(): readonly (readonly [string, string, () => number])[] {
    return [
      ['ringwall_recording', '1 while acts are recorded.', () => Number(this.#recorder !== null)],
      ['ringwall_recording_failed', '1 where recording ended by itself.', () => Number(this.#failed !== '')],
      ['ringwall_recording_lost_acts', 'Acts missing in the recording since it began.', () => this.state.lost],
    ]
  }

  /** The disk is full, or its folder gone: that ends recording and nothing else. */
  #broke(error: RingwallError): void {
    this.#failed = error.what
    this.#lost = this.#recorder?.lost ?? this.#lost
    this.#recorder = null
    this.#hand(null)
    this.#log.error({ code: error.code, what: error.what, hint: error.hint, place: error.place }, 'recording ended')
  }
}
