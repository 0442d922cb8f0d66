"use client";
import { useAnswer, type Asked, type Initial } from "@/components/data/use-answer";
import type { AlertBoardAnswer } from "@/lib/alerts/board";

const BOARD = "/data/alerts/board";
/** Rules are judged every ten seconds. */
const REFRESH_MS = 5_000;

export function useBoard(initial: Initial<AlertBoardAnswer> | undefined): Asked<AlertBoardAnswer> {
  return useAnswer<AlertBoardAnswer>({
    path: BOARD,
    search: "",
    refreshMs: REFRESH_MS,
    ...(initial === undefined ? {} : { initial }),
  });
}
