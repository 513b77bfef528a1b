import { aliasSmuggling } from './alias-smuggling.ts'
import type { Attack } from './attack.ts'
import { clientIdTheft } from './client-id-theft.ts'
import { commandInjection } from './command-injection.ts'
import { connectFlood } from './connect-flood.ts'
import { foreignCa } from './foreign-ca.ts'
import { foreignTopic } from './foreign-topic.ts'
import { keepaliveAbuse } from './keepalive-abuse.ts'
import { malformed } from './malformed.ts'
import { noCertificate } from './no-certificate.ts'
import { oversizeDeclared } from './oversize-declared.ts'
import { oversizePayload } from './oversize-payload.ts'
import { publishFlood } from './publish-flood.ts'
import { retainedPoisoning } from './retained-poisoning.ts'
import { sharedSubscription } from './shared-subscription.ts'
import { slowConnect } from './slow-connect.ts'
import { wildcard } from './wildcard.ts'
import { willAbuse } from './will-abuse.ts'

/** Every attack of the lab. An attack's place here gives it its stolen identity: the first is `intruder-1`'s. */
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
]
