import { expect, it } from 'vitest';
import { type Connection, routeOf } from './route.policy.js';

it.each<[Connection['status'], Connection['service'], ReturnType<typeof routeOf>]>([
  ['none', null, 'hrbc'],
  ['released', null, 'hrbc'],
  ['legacy', 'office365', 'hrbc'],
  ['re_registration_required', 'gmail', 'hrbc'],
  ['authorized', 'gmail', 'hrbc'],
  ['in_use', 'other', 'hrbc'],
  ['action_required', 'other', 'hrbc'],
  ['in_use', 'office365', 'office365'],
  ['in_use', 'gmail', 'gmail'],
  ['action_required', 'office365', 'action_required'],
  ['action_required', 'gmail', 'action_required'],
])('%s with %s sends by %s', (status, service, route) => {
  expect(routeOf({ status, service })).toBe(route);
});
