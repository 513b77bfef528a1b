/** A configuration with what is required and nothing else, for tests: no file that it names exists. */
export const SAMPLE = `site: mill-3
listen:
  mqtts: { certificate: pki/gateway.pem, key: pki/gateway.key }
upstream:
  url: mqtt://127.0.0.1:1883
identity:
  anchors: [{ ca: pki/root.pem }]
roles:
  sensor: { publish: ["plant/\${device}/#"], subscribe: ["plant/\${device}/set"] }
`
