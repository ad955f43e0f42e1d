import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { refreshPerson } from './chats.ts'
import { api, at } from './client.ts'
import type {
  OpenedMiniprogram,
  PersonOrdersResponse,
  PersonWeixin,
  ShopCartResponse,
  ShopOrder,
  ShopProduct,
  ShopProductsResponse,
  WeixinResponse,
} from './types.ts'

/** The brand's Official Account and mini program. */
export function useAccounts() {
  return useQuery({
    queryKey: ['weixin'],
    queryFn: () => api.get<WeixinResponse>('weixin'),
    select: (answer) => answer.accounts,
  })
}

export function useOfficial() {
  return useAccounts().data?.find((one) => one.kind === 'official')
}

export function useStanding(person: string) {
  return useQuery({
    queryKey: ['standing', person],
    queryFn: () => api.get<PersonWeixin>(`people/${at(person)}/weixin`),
    // the brand may change its menu, and messages use agreements up
    refetchInterval: 5_000,
  })
}

/** How a person stands to the Official Account (`service`) or the mini program (`shop`). */
export function useStandingTo(person: string, key: 'service' | 'shop') {
  return useStanding(person).data?.accounts.find((one) => one.key === key)
}

/** The templates of messages that an account asks for or sends by itself. */
export function useTemplates(key: 'service' | 'shop', use: 'template' | 'subscribe') {
  const templates = useAccounts().data?.find((one) => one.key === key)?.templates ?? []
  return templates.filter((one) => one.use === use)
}

/** What a person lets an account send him: his answers to a question, one template off or on, all messages. */
export function useReceptionAct<Input>(
  person: string,
  act: 'miniprogram/subscribe' | 'weixin/template' | 'oa/receive',
) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => api.post<PersonWeixin>(`people/${at(person)}/${act}`, input),
    onSuccess: (standing) => client.setQueryData(['standing', person], standing),
  })
}

export type MenuTap = { key: string } | { url: string } | { pagepath: string }

/** `follow`, `unfollow`, `scan`, `menu`: what a person does with the Official Account. */
export function useOfficialAct<Input>(person: string, act: 'follow' | 'unfollow' | 'scan' | 'menu') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => api.post<PersonWeixin>(`people/${at(person)}/oa/${act}`, input),
    onSuccess: async (standing) => {
      client.setQueryData(['standing', person], standing)
      await refreshPerson(client, person)
    },
  })
}

/** Opening logs him in at the brand, so it is asked once a visit. */
export function useOpened(person: string, content: string | undefined) {
  return useQuery({
    queryKey: ['opened', person, content],
    queryFn: () =>
      api.post<OpenedMiniprogram>(`people/${at(person)}/miniprogram/open`, content === undefined ? {} : { content }),
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useProducts() {
  return useQuery({
    queryKey: ['products'],
    queryFn: () => api.get<ShopProductsResponse>('shop/products'),
    select: (answer) => answer.products,
  })
}

/** Looking at goods is told to the brand; once a visit to the page. */
export function useViewed(person: string, productId: string) {
  return useQuery({
    queryKey: ['viewed', person, productId],
    queryFn: () => api.post<ShopProduct>(`people/${at(person)}/shop/view`, { productId }),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useCart(person: string) {
  return useQuery({
    queryKey: ['cart', person],
    queryFn: () => api.get<ShopCartResponse>(`people/${at(person)}/shop/cart`),
  })
}

export function useOrders(person: string) {
  return useQuery({
    queryKey: ['orders', person],
    queryFn: () => api.get<PersonOrdersResponse>(`people/${at(person)}/shop/orders`),
    select: (answer) => answer.orders,
  })
}

/** `cart`, `pay`, `refund`: cart, orders and stock are read again afterwards. */
function useShopAct<Input, Output>(person: string, act: 'cart' | 'pay' | 'refund') {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => api.post<Output>(`people/${at(person)}/shop/${act}`, input),
    onSuccess: () =>
      Promise.all(
        [['cart', person], ['orders', person], ['products']].map((queryKey) => client.invalidateQueries({ queryKey })),
      ),
  })
}

type Item = { productId: string; quantity: number }
export const usePutInCart = (person: string) => useShopAct<Item, ShopCartResponse>(person, 'cart')
export const usePay = (person: string) => useShopAct<{ items?: Item[] }, ShopOrder>(person, 'pay')
export const useRefund = (person: string) =>
  useShopAct<{ orderId: string; reason: string }, ShopOrder>(person, 'refund')
