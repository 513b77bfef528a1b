import Type from 'typebox'
import { choice, duration, path, section, text } from '../leaf.ts'

/** The broker behind the gateway. */
export const upstream = section(
  {
    url: text(
      'url',
      { description: 'The broker: `mqtt://host:port` or `mqtts://host:port`; the ports default to 1883 and 8883.' },
      '^mqtts?://',
    ),
    identity: choice(['client-id', 'pass-through', 'certificate'], {
      description:
        'How the broker sees a device. `client-id`: its client id, and `username` or its device id as user name. `pass-through`: client id, user name and password as the device sent them. `certificate`: a client certificate for each device, from `certificates`.',
      default: 'client-id',
    }),
    username: Type.Optional(
      text('name', {
        description:
          'One user name for the sessions of all devices at the broker, in place of the device id. Only with `identity: client-id`.',
      }),
    ),
    passwordFile: Type.Optional(
      path({
        description:
          'A file (mode 0600) with the password that the gateway adds to each user name. Only with `identity: client-id`.',
      }),
    ),
    ca: Type.Optional(
      path({
        description: "The authorities (PEM) that the broker's certificate is verified against. Only with `mqtts://`.",
      }),
    ),
    certificate: Type.Optional(
      path({ description: "The gateway's own client certificate chain (PEM) for the broker. Only with `mqtts://`." }),
    ),
    key: Type.Optional(
      path({ description: 'The private key of `certificate` (PEM), file mode 0600. Only with `mqtts://`.' }),
    ),
    serverName: Type.Optional(
      text('name', {
        description:
          "The name that the broker's certificate must carry, if it is not the url's host. Only with `mqtts://`.",
      }),
    ),
    certificates: Type.Optional(
      path({
        description: 'A folder with `DEVICE.pem` and `DEVICE.key` for each device. Only with `identity: certificate`.',
      }),
    ),
    connectTimeout: duration(
      { description: 'How long a connection to the broker may take.', default: '5s' },
      { minimum: 10 },
    ),
  },
  { description: 'The broker behind the gateway.' },
)
