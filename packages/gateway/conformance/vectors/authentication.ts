import { connect, prop, publish, told } from '../build.ts'
import { client, connack, open, PINGRESP, server, talk } from '../say.ts'
import type { Talk } from '../talk.ts'

const SCRAM = prop.method('SCRAM')
const asks = client(connect(5, { properties: [SCRAM] }))
const auth = (reason: number, method = SCRAM) => told(0xf0, reason, [method])
const accepted = server(connack(5, 0, 0, [SCRAM]))
/** Extended authentication, said by both sides. */
export const authenticationTalks: readonly Talk[] = [
  talk(5, 'MQTT-3.1.2-30', 'auth_unfinished', 'a message before the authentication is over', asks, client(publish(5))),
  talk(
    5,
    'MQTT-3.1.2-30',
    'accept',
    'AUTH before the authentication is over',
    asks,
    server(auth(0x18)),
    client(auth(0x18)),
  ),
  talk(5, 'MQTT-4.12.0-2', 'auth_order', 'AUTH that ends an authentication before CONNACK', asks, server(auth(0))),
  talk(5, 'MQTT-4.12.0-2', 'auth_order', 'AUTH though no authentication goes on', asks, accepted, server(auth(0x18))),
  talk(
    5,
    'MQTT-4.12.0-2',
    'accept',
    'a whole authentication and another',
    asks,
    server(auth(0x18)),
    client(auth(0x18)),
    accepted,
    client(auth(0x19)),
    server(auth(0x18)),
    client(auth(0x18)),
    server(auth(0)),
  ),
  talk(5, 'MQTT-4.12.0-3', 'auth_order', 're-authentication before CONNACK', asks, client(auth(0x19))),
  talk(5, 'MQTT-4.12.0-3', 'accept', 're-authentication after CONNACK', asks, accepted, client(auth(0x19))),
  talk(
    5,
    'MQTT-4.12.0-5',
    'authentication_method_other',
    "a server's AUTH with another method",
    asks,
    server(auth(0x18, prop.method('PLAIN'))),
  ),
  talk(5, 'MQTT-4.12.0-5', 'authentication_method_other', 'CONNACK without the method', asks, server(connack(5))),
  talk(5, 'MQTT-4.12.0-5', 'accept', 'CONNACK with the method', asks, accepted),
  talk(
    5,
    'MQTT-4.12.0-6',
    'authentication_method_other',
    'CONNACK with a method though CONNECT had none',
    client(connect(5)),
    accepted,
  ),
  talk(5, 'MQTT-4.12.0-6', 'auth_unasked', "a server's AUTH though CONNECT had no method", open(5), server(auth(0x18))),
  talk(5, 'MQTT-4.12.0-6', 'accept', 'neither method nor AUTH', open(5), server(PINGRESP)),
]
