import type { Closing, Flow } from '@ringwall/wire/capture'
import type { Alarm } from '../../evidence/alarm.ts'
import type { Hit, MqttEvent } from '../../signature/index.ts'
import type { Conversation } from '../conversation.ts'
import type { Judgement, Moment, Outlet } from '../outlet.ts'
import type { Transaction } from '../transactions.ts'
import { type FlowNames, flowNames, header, timestamp } from './header.ts'
import { alertPart, anomalyPart, flowPart, mqttObject } from './lines.ts'
import type { EveType } from './types.ts'

/** Writes what is found in a capture as EVE JSON lines, with the names and shapes of Suricata's. */
export class Eve implements Outlet {
  readonly #types: ReadonlySet<EveType>
  readonly #moment: Moment
  readonly #write: (text: string) => void
  readonly #names = new WeakMap<Flow, FlowNames>()

  /** @param write takes whole lines */
  constructor(types: ReadonlySet<EveType>, moment: Moment, write: (text: string) => void) {
    this.#types = types
    this.#moment = moment
    this.#write = write
  }

  transaction({ flow }: Conversation, transaction: Transaction): void {
    this.#line('mqtt', flow, transaction.up, mqttObject(transaction))
  }

  anomaly({ flow }: Conversation, transaction: Transaction, event: MqttEvent): void {
    this.#line('anomaly', flow, transaction.up, anomalyPart(event, transaction))
  }

  alert({ flow }: Conversation, transaction: Transaction, hit: Hit): void {
    this.#line('alert', flow, transaction.up, alertPart(hit, transaction, flow))
  }

  judgement({ flow }: Conversation, { fromClient, ...judgement }: Judgement): void {
    this.#line('ringwall', flow, fromClient, `"ringwall":${JSON.stringify({ kind: 'verdict', ...judgement })}`)
  }

  alarm({ time, ...alarm }: Alarm): void {
    if (!this.#types.has('ringwall')) return
    const told = JSON.stringify({ kind: 'alarm', ...alarm })
    const { packet } = this.#moment
    this.#write(`{"timestamp":"${timestamp(time)}","pcap_cnt":${packet},"event_type":"ringwall","ringwall":${told}}\n`)
  }

  evasion(flow: Flow, code: string): void {
    this.#line('ringwall', flow, true, `"ringwall":${JSON.stringify({ kind: 'evasion', code })}`)
  }

  flow(flow: Flow, conversation: Conversation | null, how: Closing): void {
    const alerted = conversation?.alerted === true
    if (this.#types.has('flow')) {
      this.#line('flow', flow, true, flowPart(flow, conversation !== null, how, this.#moment.time, alerted))
    }
    this.#names.delete(flow)
  }

  #line(type: EveType, flow: Flow, fromClient: boolean, part: string): void {
    if (!this.#types.has(type)) return
    let names = this.#names.get(flow)
    if (names === undefined) {
      names = flowNames(flow)
      this.#names.set(flow, names)
    }
    const { time, packet } = this.#moment
    this.#write(`${header(type, names, fromClient, time, packet)},${part}}\n`)
  }
}
