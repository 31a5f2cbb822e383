// Runs ts-mls clients for the interop tests: one JSON request a line on stdin, one JSON answer a line on stdout.
import { createInterface } from "node:readline"
import {
  acceptAll, createApplicationMessage, createCommit, createGroup, createProposal, decodeMlsMessage, defaultLifetime,
  emptyPskIndex, encodeMlsMessage, generateKeyPackageWithKey, getCiphersuiteFromName, getCiphersuiteImpl, joinGroup, joinGroupExternal,
  makePskIndex, mlsExporter, processPrivateMessage, processPublicMessage,
} from "ts-mls"
import { createGroupInfo } from "ts-mls/createCommit.js"
import { encodeRatchetTree, decodeRatchetTree } from "ts-mls/ratchetTree.js"
import { branchGroup, joinGroupFromBranch, joinGroupFromReinit, reinitCreateNewGroup, reinitGroup } from "ts-mls/resumption.js"

const names = {
  1: "MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519",
  3: "MLS_128_DHKEMX25519_CHACHA20POLY1305_SHA256_Ed25519",
}
const suites = {}
const clients = {}
const hex = (bytes) => Buffer.from(bytes).toString("hex")
const bytes = (text) => new Uint8Array(Buffer.from(text ?? "", "hex"))

const capabilities = () => ({
  versions: ["mls10"], ciphersuites: Object.values(names), extensions: [], proposals: [], credentials: ["basic", "x509"],
})

async function suite(id) {
  if (!suites[id]) {
    const impl = await getCiphersuiteImpl(getCiphersuiteFromName(names[id]))
    // ts-mls writes external_pub without the length prefix of HPKEPublicKey, and reads it so: take both forms.
    const importPublicKey = impl.hpke.importPublicKey
    suites[id] = {
      ...impl,
      hpke: { ...impl.hpke, importPublicKey: (k) => importPublicKey(k.length === 33 && k[0] === 32 ? k.slice(1) : k) },
    }
  }
  return suites[id]
}

function decode(text) {
  const data = bytes(text)
  const result = decodeMlsMessage(data, 0)
  if (result === undefined) throw new Error("cannot decode")
  if (result[1] !== data.length) throw new Error("trailing bytes")
  return result[0]
}

const psks = (client, state) => makePskIndex(state, client.psks)

function view(client) {
  const state = client.state
  return {
    epoch: state.groupContext.epoch.toString(),
    authenticator: hex(state.keySchedule.epochAuthenticator),
    active: state.groupActiveState.kind,
    leaf: state.privatePath.leafIndex,
  }
}

const operations = {
  async client({ client, suite: id, identity }) {
    const cs = await suite(id)
    clients[client] = { cs, identity: bytes(identity), keys: await cs.signature.keygen(), psks: {}, packages: {} }
    return {}
  },
  async psk({ client, id, psk }) {
    clients[client].psks[Buffer.from(id, "hex").toString("base64")] = bytes(psk)
    return {}
  },
  async keyPackage({ client, suite: id }) {
    const c = clients[client]
    const cs = id === undefined ? c.cs : await suite(id)
    const made = await generateKeyPackageWithKey(
      { credentialType: "basic", identity: c.identity }, capabilities(), defaultLifetime, [],
      { signKey: c.keys.signKey, publicKey: c.keys.publicKey }, cs)
    const encoded = hex(encodeMlsMessage({ version: "mls10", wireformat: "mls_key_package", keyPackage: made.publicPackage }))
    c.packages[encoded] = made
    return { keyPackage: encoded }
  },
  async create({ client, group, keyPackage }) {
    const c = clients[client]
    const made = c.packages[keyPackage]
    c.state = await createGroup(bytes(group), made.publicPackage, made.privatePackage, [], c.cs)
    return view(c)
  },
  async join({ client, welcome, keyPackage, tree, resume }) {
    const c = clients[client]
    const made = c.packages[keyPackage]
    const ratchetTree = tree ? decodeRatchetTree(bytes(tree), 0)[0] : undefined
    const message = decode(welcome).welcome
    if (resume === "branch") c.state = await joinGroupFromBranch(c.state, message, made.publicPackage, made.privatePackage, ratchetTree, c.cs)
    else if (resume === "reinit") c.state = await joinGroupFromReinit(c.state, message, made.publicPackage, made.privatePackage, ratchetTree)
    else c.state = await joinGroup(message, made.publicPackage, made.privatePackage, psks(c, undefined), c.cs, ratchetTree)
    return view(c)
  },
  async commit({ client, add = [], remove = [], psk = [], open = false, tree = true }) {
    const c = clients[client]
    const proposals = [
      ...add.map((k) => ({ proposalType: "add", add: { keyPackage: decode(k).keyPackage } })),
      ...remove.map((removed) => ({ proposalType: "remove", remove: { removed } })),
      ...psk.map((id) => ({
        proposalType: "psk",
        psk: { preSharedKeyId: { psktype: "external", pskId: bytes(id), pskNonce: c.cs.rng.randomBytes(c.cs.kdf.size) } },
      })),
    ]
    const result = await createCommit(
      { state: c.state, cipherSuite: c.cs, pskIndex: psks(c, c.state) },
      { extraProposals: proposals, wireAsPublicMessage: open, ratchetTreeExtension: tree })
    c.state = result.newState
    const welcome = result.welcome && hex(encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome: result.welcome }))
    return { ...view(c), message: hex(encodeMlsMessage(result.commit)), welcome, tree: hex(encodeRatchetTree(c.state.ratchetTree)) }
  },
  async propose({ client, add, remove, open = false }) {
    const c = clients[client]
    const proposal = add
      ? { proposalType: "add", add: { keyPackage: decode(add).keyPackage } }
      : { proposalType: "remove", remove: { removed: remove } }
    const result = await createProposal(c.state, open, proposal, c.cs)
    c.state = result.newState
    return { message: hex(encodeMlsMessage(result.message)) }
  },
  async send({ client, data }) {
    const c = clients[client]
    const result = await createApplicationMessage(c.state, bytes(data), c.cs)
    c.state = result.newState
    return { message: hex(encodeMlsMessage({ version: "mls10", wireformat: "mls_private_message", privateMessage: result.privateMessage })) }
  },
  async receive({ client, message }) {
    const c = clients[client]
    const decoded = decode(message)
    // processMessage would lose the PSK index of a private message; the two functions below it do not.
    const result = decoded.wireformat === "mls_private_message"
      ? await processPrivateMessage(c.state, decoded.privateMessage, psks(c, c.state), c.cs, acceptAll)
      : await processPublicMessage(c.state, decoded.publicMessage, psks(c, c.state), c.cs, acceptAll)
    c.state = result.newState
    return { ...view(c), data: result.kind === "applicationMessage" ? hex(result.message) : undefined }
  },
  async groupInfo({ client, tree = true }) {
    const c = clients[client]
    const pair = await c.cs.hpke.deriveKeyPair(c.state.keySchedule.externalSecret)
    const key = await c.cs.hpke.exportPublicKey(pair.publicKey)
    const extensions = [{ extensionType: "external_pub", extensionData: new Uint8Array([key.length, ...key]) }]
    if (tree) extensions.push({ extensionType: "ratchet_tree", extensionData: encodeRatchetTree(c.state.ratchetTree) })
    const groupInfo = await createGroupInfo(c.state.groupContext, c.state.confirmationTag, c.state, extensions, c.cs)
    return {
      groupInfo: hex(encodeMlsMessage({ version: "mls10", wireformat: "mls_group_info", groupInfo })),
      tree: hex(encodeRatchetTree(c.state.ratchetTree)),
    }
  },
  async externalJoin({ client, groupInfo, keyPackage, tree, resync = false }) {
    const c = clients[client]
    const made = c.packages[keyPackage]
    const result = await joinGroupExternal(
      decode(groupInfo).groupInfo, made.publicPackage, made.privatePackage, resync, c.cs, tree ? decodeRatchetTree(bytes(tree), 0)[0] : undefined)
    c.state = result.newState
    return { ...view(c), message: hex(encodeMlsMessage({ version: "mls10", wireformat: "mls_public_message", publicMessage: result.publicMessage })) }
  },
  async exportSecret({ client, label, context, length }) {
    const c = clients[client]
    return { secret: hex(await mlsExporter(c.state.keySchedule.exporterSecret, label, bytes(context), length, c.cs)) }
  },
  async reinit({ client, group, suite: id }) {
    const c = clients[client]
    const result = await reinitGroup(c.state, bytes(group), "mls10", names[id], [], c.cs)
    c.state = result.newState
    return { ...view(c), message: hex(encodeMlsMessage(result.commit)) }
  },
  async successor({ client, keyPackage, add, group, suite: id, branch = false }) {
    const c = clients[client]
    const made = c.packages[keyPackage]
    const others = add.map((k) => decode(k).keyPackage)
    const result = branch
      ? await branchGroup(c.state, made.publicPackage, made.privatePackage, others, bytes(group), c.cs)
      : await reinitCreateNewGroup(c.state, made.publicPackage, made.privatePackage, others, bytes(group), names[id], [])
    c.state = result.newState
    return {
      ...view(c),
      welcome: hex(encodeMlsMessage({ version: "mls10", wireformat: "mls_welcome", welcome: result.welcome })),
      tree: hex(encodeRatchetTree(c.state.ratchetTree)),
    }
  },
  async forget({ client }) {
    delete clients[client]
    return {}
  },
}

const lines = createInterface({ input: process.stdin })
for await (const line of lines) {
  let answer
  try {
    const request = JSON.parse(line)
    answer = await operations[request.op](request)
  } catch (error) {
    answer = { error: `${error?.name}: ${error?.message ?? error}` }
  }
  process.stdout.write(JSON.stringify(answer) + "\n")
}
