import { choice, list, oneOrMore, path, section, text } from '../leaf.ts'

/** A role's name. */
// `constructor` would be found on every plain object that maps names to roles.
export const ROLE_NAME = '^(?!constructor$)[a-z][a-z0-9-]{0,63}$'

/** Globs over device ids. */
export const devices = (description: string) =>
  oneOrMore(text('glob', { description: 'A device id, with `*` for any characters and `?` for one.' }), { description })

/** How a device's certificate is verified and read. */
export const identity = section(
  {
    anchors: list(
      section(
        {
          ca: path({ description: 'A certification authority (PEM) that device certificates may come from.' }),
          revocation: choice(['off', 'soft', 'hard'], {
            description: 'How revoked certificates are found. Only `off` exists yet; `soft` and `hard` are refused.',
            default: 'off',
          }),
        },
        { description: 'One trust anchor.' },
      ),
      { description: 'The authorities that device certificates may come from.' },
      1,
    ),
    device: text('device-template', {
      description:
        'Where the device id stands in the certificate: `urn:...` is a URI subject alternative name, `dns:{id}.example.com` a DNS one, `CN={id}` the common name. Holds `{id}` once and may hold `{site}`.',
      default: 'urn:ringwall:{site}:{id}',
    }),
    assign: list(
      section(
        {
          devices: devices('The devices, by id.'),
          roles: list(
            text('name', { description: 'A name from `roles`.' }, ROLE_NAME),
            { description: 'The roles that they get.' },
            1,
          ),
        },
        { description: 'Roles for some devices.' },
      ),
      {
        description: "Roles by device id, beside those that a certificate's organizational units (OU) name.",
        default: [],
      },
    ),
  },
  { description: 'How a device proves who it is.' },
)
