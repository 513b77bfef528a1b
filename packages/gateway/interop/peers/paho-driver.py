"""Drives Eclipse Paho clients for the interoperability tests: one JSON command a line in, one JSON event a line out."""
import json
import ssl
import sys
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

NAMES = {
    "userProperties": "UserProperty",
    "responseTopic": "ResponseTopic",
    "correlationData": "CorrelationData",
    "contentType": "ContentType",
    "messageExpiry": "MessageExpiryInterval",
    "subscriptionIdentifier": "SubscriptionIdentifier",
}
writing = threading.Lock()
clients = {}


def tell(client, event, **more):
    with writing:
        sys.stdout.write(json.dumps({"client": client, "event": event, **more}) + "\n")
        sys.stdout.flush()


def code(reason):
    return getattr(reason, "value", reason)


def read_properties(properties):
    found = {}
    for ours, theirs in NAMES.items():
        value = getattr(properties, theirs, None)
        if value is None:
            continue
        if ours == "userProperties":
            value = dict(value)
        elif ours == "correlationData":
            value = value.decode()
        elif ours == "subscriptionIdentifier" and isinstance(value, list):
            value = value[0]
        found[ours] = value
    return found


def write_properties(kind, given):
    properties = Properties(kind)
    for ours, value in given.items():
        if ours == "userProperties":
            value = list(value.items())
        elif ours == "correlationData":
            value = value.encode()
        setattr(properties, NAMES[ours], value)
    return properties


def on_message(name):
    def handle(client, userdata, message):
        properties = read_properties(message.properties) if hasattr(message, "properties") else {}
        tell(name, "message", topic=message.topic, payload=message.payload.decode(), qos=message.qos,
             retain=bool(message.retain), properties=properties)
    return handle


def on_log(name):
    def handle(client, userdata, level, text):
        if text.startswith("Received PINGRESP"):
            tell(name, "pinged")
    return handle


def on_publish(name):
    def handle(client, userdata, mid):
        tell(name, "published", mid=mid)
    return handle


def connect(name, given):
    v5 = given["version"] == "5"
    options = {} if v5 else {"clean_session": given["clean"]}
    client = mqtt.Client(given["device"], protocol=mqtt.MQTTv5 if v5 else mqtt.MQTTv311, reconnect_on_failure=False,
                         **options)
    client.tls_set(given["caFile"], given["certificateFile"], given["keyFile"], tls_version=ssl.PROTOCOL_TLS_CLIENT)
    client.on_connect = lambda c, u, flags, reason, p=None: tell(
        name, "connected", reason=code(reason), sessionPresent=bool(flags["session present"]))
    client.on_subscribe = lambda c, u, mid, granted, p=None: tell(
        name, "subscribed", mid=mid, granted=[code(one) for one in granted])
    client.on_unsubscribe = lambda c, u, mid, p=None, r=None: tell(name, "unsubscribed", mid=mid)
    client.on_disconnect = lambda c, u, reason, p=None: tell(name, "ended", reason=code(reason))
    client.on_message = on_message(name)
    client.on_log = on_log(name)
    client.on_publish = on_publish(name)
    client.max_inflight_messages_set(100)
    if "will" in given:
        will = given["will"]
        client.will_set(will["topic"], will["payload"], will["qos"], will.get("retain", False))
    more = {}
    if v5:
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = given["sessionExpiry"]
        if "topicAliases" in given:
            properties.TopicAliasMaximum = given["topicAliases"]
        more = {"clean_start": given["clean"], "properties": properties}
    clients[name] = client
    client.connect("127.0.0.1", given["port"], given["keepAlive"], **more)
    client.loop_start()


def publish(name, given):
    properties = write_properties(PacketTypes.PUBLISH, given["properties"]) if given["properties"] else None
    info = clients[name].publish(given["topic"], given["payload"], given["qos"], given["retain"], properties)
    tell(name, "publishing", mid=info.mid)


def subscribe(name, given):
    v5 = clients[name]._protocol == mqtt.MQTTv5
    filters = [(one["topic"], SubscribeOptions(qos=one["qos"]) if v5 else one["qos"]) for one in given["filters"]]
    if v5 and "subscriptionIdentifier" in given:
        properties = write_properties(PacketTypes.SUBSCRIBE, {"subscriptionIdentifier": given["subscriptionIdentifier"]})
        clients[name].subscribe(filters, properties=properties)
    else:
        clients[name].subscribe(filters)


def kill(name, given):
    # No DISCONNECT: the socket is torn from under the client, whose own thread then sees the end.
    clients[name].socket().shutdown(2)


COMMANDS = {
    "connect": connect,
    "publish": publish,
    "subscribe": subscribe,
    "unsubscribe": lambda name, given: clients[name].unsubscribe(given["topics"]),
    "end": lambda name, given: clients[name].disconnect(),
    "kill": kill,
}

for line in sys.stdin:
    command = json.loads(line)
    try:
        COMMANDS[command["command"]](command["client"], command)
    except Exception as error:
        tell(command["client"], "failed", error=f"{type(error).__name__}: {error}")
