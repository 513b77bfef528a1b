import { parentPort, workerData } from 'node:worker_threads'
import type { ProofError } from '@ringwall/proof'
import { prunedFrom } from '@ringwall/proof/files'
import { systemClock } from '../base/clock.ts'
import { RingwallError, systemCode } from '../base/error.ts'
import { makeFolder } from '../base/folder.ts'
import { SharedHold } from '../lanes/hold.ts'
import { ActKeeper } from './act-keeper.ts'
import { Committer } from './commitment.ts'
import type { AuditEvent } from './event.ts'
import { Keeper } from './keeper.ts'
import { ledgerKeys } from './key-files.ts'
import type { LedgerNotice, LedgerOrder, LedgerStart } from './messages.ts'
import { isLedger, type OpenLedger, openLedger } from './open.ts'
import { Outbox } from './outbox.ts'

/** How often time goes on by itself, in milliseconds. */
const TICK = 250

const port = parentPort
if (port === null) throw new Error('this file is the entry of a thread')
const start = workerData as LedgerStart
const tell = (notice: LedgerNotice): void => port.postMessage(notice)
const hold = new SharedHold(start.hold)
/** What only another history can bring about: somebody must look into it. */
const GRAVE: ReadonlySet<string> = new Set(['split_view', 'inconsistent', 'witness_ahead'])
/** Set once the ledger is open. */
let keep: ((event: AuditEvent) => void) | null = null

try {
  const keys = ledgerKeys(start.key, start.secret, isLedger(start.folder))
  const witnessing = { witnesses: start.witnesses, onUnwitnessed: unwitnessed }
  const ledger = await openLedger(start.folder, start.origin.origin, keys.key, start.key, start.isAgain, witnessing)
  if (start.acts !== null) makeFolder(start.acts.folder, 0o700)
  serve(ledger, new Committer(keys.secret))
  tell({ kind: 'open', size: ledger.size, verifier: ledger.verifier, made: keys.made })
} catch (error) {
  const { code, what, hint } = asError(error)
  tell({ kind: 'refused', code, what, hint })
  port.close()
}

function unwitnessed({ code, message }: ProofError): void {
  tell({ kind: 'unwitnessed', code, what: message })
  if (GRAVE.has(code)) keep?.({ kind: 'unwitnessed', time: systemClock.wall(), message, details: { code } })
}

function serve(ledger: OpenLedger, committer: Committer): void {
  const acts = start.acts === null ? null : new ActKeeper(start.acts, committer, ledger.size)
  const outbox = new Outbox(ledger, start.overload, error => tell({ kind: 'failing', what: asError(error).what }))
  const keeper = new Keeper({ outbox, acts, origin: start.origin, committer, clock: systemClock })
  keep = event => keeper.event(event)
  const look = (): void => {
    if (start.overload === 'block') hold.disk = keeper.isBehind
  }
  let size = ledger.size
  let from = prunedFrom(start.folder)
  const ticker = setInterval(() => {
    keeper.tick()
    look()
    from = lookForPruning(keeper, from)
    if (ledger.size !== size) tell({ kind: 'size', size: ledger.size })
    size = ledger.size
  }, TICK)
  // That the gateway starts is told before anything else; where it cannot be written, that is told, and it is no reason not to protect.
  keeper.begin(ledger.last, from).catch(error => tell({ kind: 'failing', what: asError(error).what }))

  port?.on('message', (order: LedgerOrder) => {
    if (order.kind === 'order') return void carryOut(keeper, order)
    if (order.kind === 'stop') {
      clearInterval(ticker)
      return void stop(keeper, outbox, ledger)
    }
    obey(keeper, order)
    look()
    tell({ kind: 'done' })
  })
}

/** Whoever may write the folder may prune it: that it was done stands in what is left. */
function lookForPruning(keeper: Keeper, before: number): number {
  let from: number
  try {
    from = prunedFrom(start.folder)
  } catch {
    // Not whole, or not to be read: `audit verify` says so.
    return before
  }
  if (from === before) return before
  const message = `entries before ${from} were removed, and their hashes kept`
  keeper.event({ kind: 'pruned', time: systemClock.wall(), message, details: { from, before } })
  return from
}

function obey(keeper: Keeper, order: Exclude<LedgerOrder, { kind: 'order' | 'stop' }>): void {
  switch (order.kind) {
    case 'evidence':
      return keeper.evidence(order.worker, order.batch)
    case 'verdicts':
      return keeper.verdicts(order.verdicts, order.surplus)
    case 'event':
      return keeper.event(order.event)
    case 'missing':
      return keeper.missing(order.count)
    case 'died':
      return keeper.died(order.worker)
  }
}

async function carryOut(keeper: Keeper, { id, event, until }: LedgerOrder & { kind: 'order' }): Promise<void> {
  try {
    await keeper.order(event, until)
    tell({ kind: 'ordered', id, failed: null })
  } catch (error) {
    tell({ kind: 'ordered', id, failed: asError(error).what })
  }
}

async function stop(keeper: Keeper, outbox: Outbox, ledger: OpenLedger): Promise<void> {
  hold.disk = false
  // Whatever of it fails, the ledger is closed, and its lock with it.
  for (const each of [() => keeper.end(), () => outbox.drained(), () => ledger.close()]) {
    await each().catch(error => tell({ kind: 'failing', what: asError(error).what }))
  }
  tell({ kind: 'stopped' })
  port?.close()
}

function asError(error: unknown): { code: string; what: string; hint: string } {
  if (error instanceof RingwallError) return error
  const what = error instanceof Error ? error.message : String(error)
  const code = systemCode(error) || 'ledger_unwritable'
  return {
    code,
    what,
    hint: 'Make room, or name a folder that the gateway may write: ledger.path. `ledger: off` runs without.',
  }
}
