import { aliasSmuggling } from './alias-smuggling.ts'
import type { Attack } from './attack.ts'
import { beaconing } from './beaconing.ts'
import { clientIdTheft } from './client-id-theft.ts'
import { commandInjection } from './command-injection.ts'
import { connectFlood } from './connect-flood.ts'
import { distributedBruteForce } from './distributed-brute-force.ts'
import { floodByFifty } from './flood-by-fifty.ts'
import { foreignCa } from './foreign-ca.ts'
import { foreignTopic } from './foreign-topic.ts'
import { frozenSensor } from './frozen-sensor.ts'
import { keepaliveAbuse } from './keepalive-abuse.ts'
import { ledgerEdited } from './ledger-edited.ts'
import { ledgerRegenerated } from './ledger-regenerated.ts'
import { ledgerReordered } from './ledger-reordered.ts'
import { ledgerTruncated } from './ledger-truncated.ts'
import { ledgerTwoHistories } from './ledger-two-histories.ts'
import { logFlood } from './log-flood.ts'
import { malformed } from './malformed.ts'
import { noCertificate } from './no-certificate.ts'
import { offBeat } from './off-beat.ts'
import { oversizeDeclared } from './oversize-declared.ts'
import { oversizePayload } from './oversize-payload.ts'
import { publishFlood } from './publish-flood.ts'
import { replayHour } from './replay-hour.ts'
import { replayedSession } from './replayed-session.ts'
import { retainedPoisoning } from './retained-poisoning.ts'
import { rhythmMimicry } from './rhythm-mimicry.ts'
import { ruleEvasion } from './rule-evasion.ts'
import { schemaSmuggling } from './schema-smuggling.ts'
import { sealedAlgorithm } from './sealed-algorithm.ts'
import { sealedAltered } from './sealed-altered.ts'
import { sealedReplayed } from './sealed-replayed.ts'
import { sealedRestored } from './sealed-restored.ts'
import { sealedSuppressed } from './sealed-suppressed.ts'
import { sealedTruncated } from './sealed-truncated.ts'
import { sealedTwin } from './sealed-twin.ts'
import { sharedSubscription } from './shared-subscription.ts'
import { slowConnect } from './slow-connect.ts'
import { slowDrift } from './slow-drift.ts'
import { slowScan } from './slow-scan.ts'
import { sparkplugGap } from './sparkplug-gap.ts'
import { sparkplugStaleAlias } from './sparkplug-stale-alias.ts'
import { spoofBalance } from './spoof-balance.ts'
import { unitSwap } from './unit-swap.ts'
import { wildcard } from './wildcard.ts'
import { willAbuse } from './will-abuse.ts'
import { wrongModeCommand } from './wrong-mode-command.ts'

/** Every attack of the lab. An attack's place here gives it its identity, where it has one and steals no honest device's: the first is `intruder-1`'s. */
export const attacks: readonly Attack[] = [
  slowConnect,
  noCertificate,
  foreignCa,
  clientIdTheft,
  foreignTopic,
  commandInjection,
  wildcard,
  sharedSubscription,
  aliasSmuggling,
  willAbuse,
  retainedPoisoning,
  oversizePayload,
  oversizeDeclared,
  keepaliveAbuse,
  malformed,
  publishFlood,
  connectFlood,
  spoofBalance,
  slowDrift,
  frozenSensor,
  unitSwap,
  replayHour,
  schemaSmuggling,
  sparkplugGap,
  sparkplugStaleAlias,
  wrongModeCommand,
  ruleEvasion,
  slowScan,
  distributedBruteForce,
  beaconing,
  offBeat,
  replayedSession,
  rhythmMimicry,
  floodByFifty,
  logFlood,
  sealedAltered,
  sealedTruncated,
  sealedAlgorithm,
  sealedReplayed,
  sealedSuppressed,
  sealedTwin,
  sealedRestored,
  ledgerEdited,
  ledgerTruncated,
  ledgerReordered,
  ledgerRegenerated,
  ledgerTwoHistories,
]
