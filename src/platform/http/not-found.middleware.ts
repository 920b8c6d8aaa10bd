import { type Request, type Response } from 'express';
import { type ProblemFilter } from './problems/problem.filter.js';
import { rejectHttp } from './problems/problems.errors.js';

/**
 * Stands behind all routes. Nest's own "not found" answers below the global prefix only; the rest would get
 * Express's HTML page.
 */
export function notFound(filter: ProblemFilter) {
  return (request: Request, response: Response): void => {
    filter.answer(rejectHttp('route_not_found'), request, response);
  };
}
