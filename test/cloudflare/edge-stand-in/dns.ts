import { createSocket, type Socket } from "node:dgram";
import type { Answer, DecodedPacket, Packet, Question } from "dns-packet";
import dns from "dns-packet";
import type { Json } from "../emulator/reply.ts";
import type { Zone } from "../emulator/state.ts";
import { inZone, isProxied, recordsOf } from "./names.ts";
import { NotKnown } from "./not-known.ts";

export interface DnsOptions {
  readonly zone: Zone;
  /** Where visitors of proxied names are sent. */
  readonly edge: string;
  /** Hosts outside the zone that are at the edge as well: the team's. */
  readonly also: () => readonly string[];
  readonly unknown: (what: string) => void;
}

const codes = { ok: 0, failed: 2, noName: 3, refused: 5 };
const authoritative = 1 << 10;

/** Answers for the zone by UDP, as the zone's name servers do. Nothing is looked up elsewhere. */
export async function startDns(options: DnsOptions, port: number, address: string): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.on("message", (message, peer) => {
    const query = decoded(message);
    if (query) socket.send(dns.encode(replyTo(query, options)), peer.port, peer.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, address, resolve);
  });
  return socket;
}

/** undefined for what is no question. */
function decoded(message: Buffer): DecodedPacket | undefined {
  try {
    const packet = dns.decode(message);
    return packet.type === "query" ? packet : undefined;
  } catch {
    return undefined;
  }
}

function replyTo(query: DecodedPacket, options: DnsOptions): Packet {
  const [question] = query.questions ?? [];
  const { code, answers } = question ? answersTo(question, options) : { code: codes.failed, answers: [] };
  const base: Packet = { type: "response", id: query.id ?? 0, questions: query.questions ?? [] };
  return { ...base, flags: authoritative | code, answers };
}

function answersTo({ type, name }: Question, options: DnsOptions): { code: number; answers: Answer[] } {
  const { zone, edge, also, unknown } = options;
  const asked = name.toLowerCase();
  const proxied = (owner: string): Answer[] => (type === "A" ? [{ type: "A", name: owner, ttl: 300, data: edge }] : []);
  if (also().includes(asked)) return { code: codes.ok, answers: proxied(name) };
  if (!inZone(zone, asked)) return { code: codes.refused, answers: [] };
  try {
    const answers: Answer[] = [];
    let owner = asked;
    for (let hops = 0; hops < 8; hops++) {
      if (isProxied(zone, owner)) return { code: codes.ok, answers: [...answers, ...proxied(owner === asked ? name : owner)] };
      const records = recordsOf(zone, owner);
      const alias = type === "CNAME" ? undefined : records.find((r) => r.type === "CNAME");
      answers.push(...records.filter((r) => r.type === type || r === alias).map((r) => answerOf(owner === asked ? name : owner, r)));
      if (asked === zone.name && type === "NS" && answers.length === 0)
        for (const data of ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"]) answers.push({ type: "NS", name, ttl: 86_400, data });
      if (!alias || !inZone(zone, alias.content)) break;
      owner = alias.content;
    }
    const there = asked === zone.name || recordsOf(zone, asked).length > 0;
    return { code: there ? codes.ok : codes.noName, answers };
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    unknown(`DNS ${type} ${asked}: ${error.message}`);
    return { code: codes.failed, answers: [] };
  }
}

function answerOf(name: string, { type, content, priority, ttl }: Json): Answer {
  const general = { name, ttl: ttl === 1 ? 300 : ttl };
  switch (type) {
    case "A":
    case "AAAA":
    case "CNAME":
    case "NS":
      return { ...general, type, data: content };
    case "TXT":
      return { ...general, type, data: content.replace(/^"|"$/g, "") };
    case "MX":
      return { ...general, type, data: { preference: priority ?? 0, exchange: content } };
    default:
      throw new NotKnown(`a record of the type ${type}`);
  }
}
