/** Strict codes that no configuration relaxes as `session.strict` does, with the reason. */
export const FIXED: Readonly<Record<string, string>> = {
  protocol_version: 'the gateway does not speak MQTT 3.1, nor the bridges of Mosquitto',
  authentication_method: 'it passes where `session.authMethods` lists the method',
  after_disconnect: 'nothing is left that a packet after DISCONNECT could be forwarded to',
  packet_id_in_use:
    'of a PUBLISH: which of the two messages an acknowledgement is for could not be told; of a SUBSCRIBE or UNSUBSCRIBE it is relaxed',
  subscription_identifier_from_client:
    'passed on by a broker, it would tell the readers of the message of a subscription that they did not make',
  share_malformed:
    'brokers read different filters out of it, so that no role could say whether the device may have them',
  too_many_filters: 'it is a limit of the gateway itself, which no clause asks for',
}

/** Strict codes that pass with `session.strict: false`, with what they are about. */
export const RELAXED: Readonly<Record<string, string>> = {
  text_control: 'control characters and non-characters',
  payload_format: 'a payload that says it is UTF-8 and is not',
  property_value: 'a payload format indicator other than 0 and 1 (other values out of their range are not strict)',
  dup_qos_0: 'DUP with QoS 0',
  response_topic_wildcard: 'a response topic with a wildcard',
  response_topic_empty: 'an empty response topic',
  reason_illegal: 'a reason code that the packet may not carry (in AUTH it is not strict)',
  length_not_shortest: 'a remaining length with more bytes than it needs',
  property_length_not_shortest: 'a property length with more bytes than it needs',
  property_not_shortest: 'a subscription identifier with more bytes than it needs',
}
