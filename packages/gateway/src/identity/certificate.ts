import type { X509Certificate } from 'node:crypto'
import { RingwallError } from '../base/error.ts'
import { compileGlobs } from '../config/glob.ts'
import { Flaw, quote } from '../config/problem.ts'
import type { Config } from '../config/schema.ts'
import { DEVICE_ID, type IdentityTemplate, parseTemplate } from '../config/template.ts'
import type { Principal } from '../contract/index.ts'
import { alternativeNames, subjectValues } from './names.ts'

/** Why a verified certificate names no principal here. */
export interface Refusal {
  readonly code:
    | 'identity_missing'
    | 'identity_ambiguous'
    | 'site_mismatch'
    | 'device_id_invalid'
    | 'certificate_malformed'
  /** One plain sentence for the log; it quotes the certificate in printable characters only. */
  readonly why: string
}

/** What reading a certificate needs of the configuration. */
export type IdentityRule = Pick<Config, 'site' | 'identity' | 'roles'>

/** Reads who a certificate is. It must have been verified: the handshake does that. */
export type Identify = (certificate: X509Certificate) => Principal | Refusal

const SAN_TYPES = { uri: 'URI', dns: 'DNS' } as const

/**
 * Compiles the configuration's rule once, for all certificates to come.
 * Errors: `identity_template` where `identity.device` is no template (a checked configuration has one).
 */
export function compileIdentity({ site, identity, roles }: IdentityRule): Identify {
  const template = parseTemplate(identity.device)
  if (template instanceof Flaw) {
    throw new RingwallError('identity_template', template.what, template.hint, { field: 'identity.device' })
  }
  const own = matcher(template, escaped(site))
  const anywhere = matcher(template, '[A-Za-z0-9][A-Za-z0-9._-]{0,63}')
  const known = new Set(Object.keys(roles))
  const assigned = identity.assign.map(each => ({ covers: compileGlobs(each.devices), roles: each.roles }))

  return certificate => {
    const values = valuesOf(certificate, template)
    if (values === undefined) return refusal('certificate_malformed', 'its names cannot be read')
    const found = values.map(own).filter(id => id !== undefined)
    if (found.length > 1) {
      return refusal('identity_ambiguous', `${found.length} of its names fit ${identity.device}: ${quote(found)}`)
    }
    const [device] = found
    if (device === undefined) {
      const foreign = values.find(value => anywhere(value) !== undefined)
      return foreign === undefined
        ? refusal('identity_missing', missing(certificate, identity.device, template, values))
        : refusal('site_mismatch', `${quote(foreign)} belongs to another site than ${site}`)
    }
    if (!DEVICE_ID.test(device)) return refusal('device_id_invalid', `${quote(device)} is not a device id`)
    const granted = assigned.filter(each => each.covers(device)).flatMap(each => each.roles)
    const carried = subjectValues(certificate, 'OU')
    return {
      site,
      device,
      roles: [...new Set([...carried, ...granted])].filter(role => known.has(role)),
      assurance: 'certificate',
      fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    }
  }
}

const refusal = (code: Refusal['code'], why: string): Refusal => ({ code, why })

/** Says what the certificate has instead, since many authorities write a common name and nothing else. */
function missing(certificate: X509Certificate, device: string, { field }: IdentityTemplate, values: string[]): string {
  const why = `none of its names fits ${device}: ${quote(values)}`
  if (field === 'common-name') return why
  const names = subjectValues(certificate, 'CN')
  const [name] = names
  if (name === undefined || names.length > 1) return why
  const hint = DEVICE_ID.test(name) ? ', a device id with identity.device: CN={id}' : ''
  return `${why}; its common name is ${quote(name)}${hint}`
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A function that gives what stands at `{id}` in a value, whatever it is, or nothing where the text around it differs. */
function matcher({ field, before, after }: IdentityTemplate, site: string): (value: string) => string | undefined {
  const around = (text: string) => text.split('{site}').map(escaped).join(site)
  // DNS names are the same in any case (RFC 4343), so their ids are read in lower case.
  const pattern = new RegExp(`^${around(before)}(.*)${around(after)}$`, field === 'dns' ? 'is' : 's')
  return value => {
    const id = pattern.exec(value)?.[1]
    return field === 'dns' ? id?.toLowerCase() : id
  }
}

function valuesOf(certificate: X509Certificate, { field }: IdentityTemplate): string[] | undefined {
  if (field === 'common-name') return subjectValues(certificate, 'CN')
  const names = alternativeNames(certificate.subjectAltName)
  return names?.filter(({ type }) => type === SAN_TYPES[field]).map(({ value }) => value)
}
