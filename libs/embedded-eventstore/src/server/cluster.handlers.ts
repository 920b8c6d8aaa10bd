import { randomUUID } from 'node:crypto';

import { gossip, serverFeatures, shared, streamsGrpc } from '../wire/stubs.js';

/** Shown to clients that ask; the protocol served is that of this version. */
const SERVER_VERSION = '24.10.0-embedded';

/**
 * The answer to "which methods do you have", which the official client asks before its first append, to learn that it
 * can use BatchAppend. Names are compared in lower case.
 */
export function supportedMethods(): serverFeatures.SupportedMethods {
  const answer = new serverFeatures.SupportedMethods().setEventStoreServerVersion(SERVER_VERSION);
  for (const { path } of Object.values(streamsGrpc.StreamsService)) {
    const [, service = '', method = ''] = path.toLowerCase().split('/');
    answer.addMethods(new serverFeatures.SupportedMethod().setServiceName(service).setMethodName(method));
  }
  return answer;
}

/** The answer to "who is in your cluster", asked for `esdb+discover` and for several hosts: one leader, this one. */
export function singleMember(host: string, port: number): gossip.ClusterInfo {
  const member = new gossip.MemberInfo()
    .setInstanceId(new shared.UUID().setString(randomUUID()))
    .setTimeStamp(`${Date.now()}0000`)
    .setState(gossip.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossip.EndPoint().setAddress(host).setPort(port));
  return new gossip.ClusterInfo().setMembersList([member]);
}
