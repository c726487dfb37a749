import { ListTargetsRequest, newUlid, TargetOrder } from '@emitter/proto';
import { everything } from '../filter';
import { parsePageRequest } from './page';
import { pageToken } from './page-token';

const id = newUlid(1);
const parse = (request: Partial<ListTargetsRequest>) => parsePageRequest(ListTargetsRequest.fromPartial(request));

describe('a page request', () => {
  it('is for the newest hundred unless it says otherwise', () => {
    expect(parse({})).toEqual({ filter: everything, order: 'newest', size: 100, after: undefined });
    expect(parse({ order: TargetOrder.TARGET_ORDER_NEWEST_FIRST, pageSize: 1 })).toMatchObject({
      order: 'newest',
      size: 1,
    });
    expect(parse({ order: TargetOrder.TARGET_ORDER_OLDEST_FIRST, pageSize: 10_000 })).toMatchObject({
      order: 'oldest',
      size: 10_000,
    });
  });

  it.each([0, -1, 10_001])('is refused with page size %d', (pageSize) => {
    expect(() => parse({ pageSize })).toThrow('page_size must be 1 to 10,000');
  });

  it('is refused with an order that is none', () => {
    expect(() => parse({ order: 7 as never })).toThrow('order must be TARGET_ORDER_NEWEST_FIRST or');
  });

  it('goes on where its token says', () => {
    expect(parse({ pageToken: pageToken(id, everything, 'newest') }).after).toBe(id);
  });

  it.each([
    ['nonsense', 'nonsense', 'unchanged'],
    ['of another order', pageToken(id, everything, 'oldest'), 'another filter or order'],
    ['of another filter', pageToken(id, { ...everything, source: 'x' }, 'newest'), 'another filter or order'],
    ['without an id', pageToken('x', everything, 'newest'), 'unchanged'],
  ])('is refused with a token %s', (_, token, problem) => {
    expect(() => parse({ pageToken: token })).toThrow(
      expect.objectContaining({
        code: 'PAGE_TOKEN_INVALID',
        details: { violations: [{ field: 'page_token', description: expect.stringContaining(problem) as string }] },
      }) as Error,
    );
  });
});
