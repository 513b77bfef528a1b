import { Flaw } from './problem.ts'

/** Where a device id stands in a certificate: the field, and the text around the id. */
export interface IdentityTemplate {
  readonly field: 'uri' | 'dns' | 'common-name'
  readonly before: string
  readonly after: string
}

/** The pattern of device ids. */
export const DEVICE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

const FORMS = 'Write urn:ringwall:{site}:{id}, dns:{id}.example.com or CN={id}.'

/**
 * Reads `identity.device`: `urn:...` names a URI subject alternative name, `dns:...` a DNS one, `CN=...` the subject's
 * common name. `{id}` stands in it once; each `{site}` is kept for `placeSite`.
 */
export function parseTemplate(text: string): IdentityTemplate | Flaw {
  const form = text.startsWith('urn:')
    ? 'uri'
    : text.startsWith('dns:')
      ? 'dns'
      : text.startsWith('CN=')
        ? 'common-name'
        : undefined
  if (form === undefined) return new Flaw('it names no field of a certificate', FORMS)
  const body = form === 'uri' ? text : text.slice(form === 'dns' ? 4 : 3)
  const unknown = /\{(?!(?:id|site)\})[^}]*\}?/.exec(body)
  if (unknown !== null) return new Flaw(`${unknown[0]} is not a placeholder`, 'Placeholders are {id} and {site}.')
  const parts = body.split('{id}')
  if (parts.length !== 2) return new Flaw(`it holds {id} ${parts.length - 1} times`, `It must hold {id} once. ${FORMS}`)
  const [before, after] = parts as [string, string]
  const around = (before + after).replaceAll('{site}', '')
  const allowed =
    form === 'common-name' ? /^[A-Za-z0-9 ._:@/-]*$/ : form === 'dns' ? /^[A-Za-z0-9.-]*$/ : /^[A-Za-z0-9._:;@/~+-]*$/
  if (!allowed.test(around))
    return new Flaw('it holds characters that certificates quote or that are not fit there', FORMS)
  // Without something between them nobody could tell where the site ends and the id begins.
  if (before.endsWith('{site}') || after.startsWith('{site}')) {
    return new Flaw('{site} and {id} touch', 'Put a separator between them, such as `:`.')
  }
  return { field: form, before, after }
}
