#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The schemas that are shipped, each with made rows in the form that its vendor writes, and by which headers they are found.

load helper

# The forms of bench/vendor_rows.py, each in a folder of its own: FORM/FILE of 3,000 rows, and FORM/few of 30.
setup_file() {
  local form schema file
  cd "$BATS_FILE_TMPDIR" || return
  python3 "$TREE/bench/vendor_rows.py" --list >forms
  while IFS=$'\t' read -r form schema file; do
    mkdir "$form"
    python3 "$TREE/bench/vendor_rows.py" "$form" 30 >"$form/few"
    python3 "$TREE/bench/vendor_rows.py" "$form" 3000 >"$form/all"
  done <forms
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# reads SCHEMA [NAME]: standard input is a file, then "=>", then the CSV that comes of it, which has the same rows again.
reads() {
  local text
  text=$(cat)
  printf '%s\n' "${text%%$'\n'=>*}" >in
  printf '%s\n' "${text#*=>$'\n'}" >wanted
  sw-chunk -t "$1" ${2:+--name "$2"} <in 2>said | sw-cut >out
  diff wanted out || { cat said; return 1; }
  sw-chunk -t "$1" --canonical out >again
  sw-cut again | cmp - out
  same "$(sw-info --digest again)" "$(sw-chunk -t "$1" ${2:+--name "$2"} <in | sw-info --digest)"
}

# form_of NAME: the schema and the file's name of a form.
form_of() {
  IFS=$'\t' read -r _ form_schema form_file < <(grep "^$1"$'\t' "$BATS_FILE_TMPDIR/forms")
  [ "$form_file" != - ] || form_file=$1.csv
}

@test "schemas: Databento, raw and pretty" {
  reads databento-mbo <<'END'
ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,price,size,channel_id,order_id,flags,ts_in_delta,sequence
1600000000000000000,1599999999999999999,160,1,5482,A,B,3675750000000,2,0,9000000000000000001,40,0,1180
18446744073709551615,1600000000000000001,160,1,5482,R,N,9223372036854775807,0,0,0,8,0,0
=>
received,timestamp,rtype,publisher_id,security_code,action,side,price,quantity,channel_id,order_id,flags,ts_in_delta,sequence
1600000000000000000,1599999999999999999,160,1,5482,A,1,3675.75,2,0,9000000000000000001,40,0,1180
,1600000000000000001,160,1,5482,R,,,0,0,0,8,0,0
END
  reads databento-mbo-pretty <<'END'
ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,price,size,channel_id,order_id,flags,ts_in_delta,sequence,symbol
2025-01-01T00:00:00.000000100Z,2025-01-01T00:00:00.000000000Z,160,1,2,A,A,100.250000000,1,0,3,0,100,1,ESZ5
=>
received,timestamp,rtype,publisher_id,security_code,action,side,price,quantity,channel_id,order_id,flags,ts_in_delta,sequence,symbol
1735689600000000100,1735689600000000000,160,1,2,A,2,100.25,1,0,3,0,100,1,ESZ5
END
  reads databento-mbp1 <<'END'
ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,depth,price,size,flags,ts_in_delta,sequence,bid_px_00,ask_px_00,bid_sz_00,ask_sz_00,bid_ct_00,ask_ct_00
1600000000000000001,1600000000000000000,1,1,5482,A,B,0,3702250000000,1,130,26128,145805,3702250000000,9223372036854775807,19,0,11,0
=>
received,timestamp,rtype,publisher_id,security_code,action,side,depth,price,quantity,flags,ts_in_delta,sequence,bid,offer,bid_size,offer_size,bid_orders,offer_orders
1600000000000000001,1600000000000000000,1,1,5482,A,1,0,3702.25,1,130,26128,145805,3702.25,,19,0,11,0
END
  reads databento-mbp1-pretty <<'END'
ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,depth,price,size,flags,ts_in_delta,sequence,bid_px_00,ask_px_00,bid_sz_00,ask_sz_00,bid_ct_00,ask_ct_00,symbol
2025-01-01T00:00:00.000000100Z,2025-01-01T00:00:00.5Z,1,1,5482,T,N,0,,1,130,1,2,100.000000000,100.250000000,19,1,11,1,ESZ5
=>
received,timestamp,rtype,publisher_id,security_code,action,side,depth,price,quantity,flags,ts_in_delta,sequence,bid,offer,bid_size,offer_size,bid_orders,offer_orders,symbol
1735689600000000100,1735689600500000000,1,1,5482,T,,0,,1,130,1,2,100,100.25,19,1,11,1,ESZ5
END
  reads databento-trades <<'END'
ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,depth,price,size,flags,ts_in_delta,sequence
1600000000000000001,1600000000000000000,0,1,5482,T,A,0,3720250000000,5,129,19251,1170380
=>
received,timestamp,rtype,publisher_id,security_code,action,side,depth,price,quantity,flags,ts_in_delta,sequence
1600000000000000001,1600000000000000000,0,1,5482,T,2,0,3720.25,5,129,19251,1170380
END
  reads databento-trades-pretty <<'END'
ts_recv,ts_event,rtype,publisher_id,instrument_id,action,side,depth,price,size,flags,ts_in_delta,sequence,symbol
2025-01-01T00:00:00.000000100Z,2025-01-01T00:00:00.000000000Z,0,1,2,T,B,0,100.000000001,1,0,100,1,ESZ5
=>
received,timestamp,rtype,publisher_id,security_code,action,side,depth,price,quantity,flags,ts_in_delta,sequence,symbol
1735689600000000100,1735689600000000000,0,1,2,T,1,0,100.000000001,1,0,100,1,ESZ5
END
}

@test "schemas: LOBSTER, messages and books" {
  reads lobster-message XYZ_2012-06-21_34200000_57600000_message_10.csv <<'END'
34200.004241176,1,16113575,18,5853300,1
34200.01,4,1,100,5853399,-1
=>
clock,type,order_id,quantity,price,side,security_code,date,timestamp
34200004241176,1,16113575,18,585.33,1,XYZ,2012-06-21,1340285400004241176
34200010000000,4,1,100,585.3399,2,XYZ,2012-06-21,1340285400010000000
END
  reads lobster-orderbook-1 XYZ_2012-06-21_34200000_57600000_orderbook_1.csv <<'END'
5859400,200,5853300,18
9999999999,0,-9999999999,0
=>
offer,offer_size,bid,bid_size,security_code,date
585.94,200,585.33,18,XYZ,2012-06-21
,0,,0,XYZ,2012-06-21
END
  for levels in 5 10; do
    seq -s, $((4 * levels)) >in
    sw-chunk -t "lobster-orderbook-$levels" --name X_2012-06-21_1_2_orderbook_$levels.csv in | sw-cut --no-header -c "bid_$levels,offer_size_$levels,bid_size" |
      cmp - <(awk -v n=$((4 * levels - 1)) 'BEGIN { printf "%s,%d,4\n", n / 10000, n - 1 }')
  done
}

@test "schemas: NYSE TAQ, LSEG Tick History, Polygon" {
  reads taq-trade EQY_US_ALL_TRADE_20180103.psv <<'FILE'
Time|Exchange|Symbol|Sale Condition|Trade Volume|Trade Price|Trade Stop Stock Indicator|Trade Correction Indicator|Sequence Number|Trade Id|Source of Trade|Trade Reporting Facility|Participant Timestamp|Trade Reporting Facility TRF Timestamp|Trade Through Exempt Indicator
093000417837000|N|A|@ F|300|45.88|N|00|1231|7|C||093000417230000||0
END|20180103|1|||||||||||||
=>
clock,exchange,security_code,condition,quantity,price,Trade Stop Stock Indicator,correction,sequence,trade_id,source,Trade Reporting Facility,Participant Timestamp,Trade Reporting Facility TRF Timestamp,Trade Through Exempt Indicator,date,timestamp
34200417837000,N,A,@ F,300,45.88,N,00,1231,7,C,,093000417230000,,0,2018-01-03,1514989800417837000
FILE
  reads tick-history <<'END'
#RIC,Domain,Date-Time,GMT Offset,Type,Price,Volume,Bid Price,Ask Price,Exch Time
XYZ.N,Market Price,2018-01-04T17:01:15.402881806Z,-5,Trade,43.97,400,,,17:01:15.378000000
XYZ.N,Market Price,2018-01-04T17:01:16Z,-5,Quote,,,43.96,43.98,
=>
security_code,domain,timestamp,gmt_offset,type,price,quantity,bid,offer,exchange_time
XYZ.N,Market Price,1515085275402881806,-5,Trade,43.97,400,,,17:01:15.378000000
XYZ.N,Market Price,1515085276000000000,-5,Quote,,,43.96,43.98,
END
  reads polygon-trades <<'END'
ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp
A,"12,37",0,4,7,1600000000000000000,157.350000,3372,1600000000000000001,0.001500,1,202,1600000000000000002
A,,1,4,8,1600000000000000000,157,3373,1600000000000000001,10,1,0,0
=>
security_code,conditions,correction,exchange,id,participant_timestamp,price,sequence,timestamp,quantity,tape,trf_id,trf_timestamp
A,"12,37",0,4,7,1600000000000000000,157.35,3372,1600000000000000001,0.0015,1,202,1600000000000000002
A,,1,4,8,1600000000000000000,157,3373,1600000000000000001,10,1,0,
END
}

@test "schemas: Tardis, Binance, Bybit, BitMEX, Kraken" {
  reads tardis-trades <<'END'
exchange,symbol,timestamp,local_timestamp,id,side,price,amount
bitmex,XBTUSD,1583020803145000,1583020803307160,a-1,sell,8531.5,2152
x,Y,1583020803145001,1583020803307160,,unknown,0.00000001,1e-9
=>
exchange,security_code,timestamp,received,id,side,price,quantity
bitmex,XBTUSD,1583020803145000000,1583020803307160000,a-1,2,8531.5,2152
x,Y,1583020803145001000,1583020803307160000,,,0.00000001,0.000000001
END
  reads tardis-quotes <<'END'
exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount
bitmex,XBTUSD,1583020803145000,1583020803307160,5,8531.5,8531,6
=>
exchange,security_code,timestamp,received,offer_size,offer,bid,bid_size
bitmex,XBTUSD,1583020803145000000,1583020803307160000,5,8531.5,8531,6
END
  reads tardis-book-changes <<'END'
exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount
deribit,BTC,1585699200245000,1585699200355684,true,ask,6421.5,18640
=>
exchange,security_code,timestamp,received,is_snapshot,side,price,quantity
deribit,BTC,1585699200245000000,1585699200355684000,true,2,6421.5,18640
END
  reads tardis-book-snapshot <<'END'
exchange,symbol,timestamp,local_timestamp,asks[0].price,asks[0].amount,bids[0].price,bids[0].amount,asks[1].price,asks[1].amount,bids[1].price,bids[1].amount
b,BTC,1598918403696000,1598918403810979,11657.08,1.714,11657.07,10.896,11657.54,5.4,11656.97,0.2
=>
exchange,security_code,timestamp,received,offer,offer_size,bid,bid_size,offer_2,offer_size_2,bid_2,bid_size_2
b,BTC,1598918403696000000,1598918403810979000,11657.08,1.714,11657.07,10.896,11657.54,5.4,11656.97,0.2
END
  reads tardis-options-chain <<'END'
exchange,symbol,timestamp,local_timestamp,type,strike_price,expiration,bid_price,ask_price,delta
deribit,BTC-P,1591574399413000,1591574400196008,put,9875,1591689600000000,0.0205,0.0235,-0.61752
=>
exchange,security_code,timestamp,received,type,strike_price,expiration,bid,offer,delta
deribit,BTC-P,1591574399413000000,1591574400196008000,put,9875,1591689600000000000,0.0205,0.0235,-0.61752
END
  for unit in us:3 ms:6; do
    schema=${unit%:*} schema=${schema/us/} zeros=$(printf '%0*d' "${unit#*:}" 0) digits=$((9 - ${unit#*:}))
    reads "binance-spot-aggtrades${schema:+-$schema}" BTCUSDT-aggTrades-2025-01-01.csv < <(
      printf '1,64100.00,0.10000000,1001,2001,1786394553%0*d,False,True\n=>\n' "$digits" 5
      printf 'sequence,price,quantity,first_trade_id,last_trade_id,timestamp,side,is_best_match,security_code\n'
      printf '1,64100,0.1,1001,2001,1786394553%0*d%s,1,True,BTCUSDT\n' "$digits" 5 "$zeros")
    reads "binance-spot-trades${schema:+-$schema}" BTCUSDT-trades-2025-01-01.csv < <(
      printf '1,64100.00,0.10000000,6410.00,1786394553%0*d,True,True\n=>\n' "$digits" 5
      printf 'sequence,price,quantity,quote_quantity,timestamp,side,is_best_match,security_code\n'
      printf '1,64100,0.1,6410,1786394553%0*d%s,2,True,BTCUSDT\n' "$digits" 5 "$zeros")
  done
  reads binance-futures-trades BTCUSDT-trades-2023-11.csv <<'END'
id,price,qty,quote_qty,time,is_buyer_maker
1,100.5,0.5,50.25,1700000000002,true
=>
sequence,price,quantity,quote_quantity,timestamp,side,security_code
1,100.5,0.5,50.25,1700000000002000000,2,BTCUSDT
END
  reads binance-futures-aggtrades BTCUSDT-aggTrades-2023-11.csv <<'END'
agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker
1,100.5,0.5,5,6,1700000000002,false
=>
sequence,price,quantity,first_trade_id,last_trade_id,timestamp,side,security_code
1,100.5,0.5,5,6,1700000000002000000,1,BTCUSDT
END
  reads binance-futures-bookticker BTCUSDT-bookTicker-2024-03-30.csv <<'END'
update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time
4,0.02634800,315928.00000000,0.02634900,2385.00000000,1711756800080,1711756800087
=>
sequence,bid,bid_size,offer,offer_size,timestamp,event_time,security_code
4,0.026348,315928,0.026349,2385,1711756800080000000,1711756800087000000,BTCUSDT
END
  reads binance-futures-depth <<'END'
symbol,timestamp,first_update_id,last_update_id,side,update_type,price,qty,pu
BTCUSDT,1667346579146,1,2,b,snap,20377.00,1.770,-1
=>
security_code,timestamp,first_update_id,sequence,side,update_type,price,quantity,pu
BTCUSDT,1667346579146000000,1,2,1,snap,20377,1.77,-1
END
  reads bybit-trades <<'END'
timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional
1704326400.1000,BTCUSDT,Buy,0.010,42500.10,PlusTick,m-1,4.25001e+11,0.010,425.001
=>
timestamp,security_code,side,quantity,price,tick_direction,trade_id,gross_value,home_notional,foreign_notional
1704326400100000000,BTCUSDT,1,0.01,42500.1,PlusTick,m-1,425001000000,0.01,425.001
END
  reads bitmex-trades <<'END'
timestamp,symbol,side,size,price,tickDirection,trdMatchID,grossValue,homeNotional,foreignNotional
2018-12-05D00:00:25.948313000,XBTUSD,Sell,11,9.54e-06,ZeroMinusTick,a,10494,11,0.00010494
=>
timestamp,security_code,side,quantity,price,tick_direction,trade_id,gross_value,home_notional,foreign_notional
1543968025948313000,XBTUSD,2,11,0.00000954,ZeroMinusTick,a,10494,11,0.00010494
END
  reads kraken-trades XBTEUR.csv <<'END'
1672531436,90.540000,1.10448420
1672531436.5,1e-7,1
=>
timestamp,price,quantity,security_code
1672531436000000000,90.54,1.1044842,XBTEUR
1672531436500000000,0.0000001,1,XBTEUR
END
}

@test "schemas: B3, MetaTrader, Xetra, SIRCA" {
  reads b3-trades <<'END'
DataReferencia;CodigoInstrumento;AcaoAtualizacao;PrecoNegocio;QuantidadeNegociada;HoraFechamento;CodigoIdentificadorNegocio;TipoSessaoPregao;DataNegocio;CodigoParticipanteComprador;CodigoParticipanteVendedor
2024-07-03;WSPU24;0;5571,250;1;090001097;10;1;2024-07-03;8;120
=>
file_date,security_code,action,price,quantity,clock,sequence,session,date,buyer,seller,timestamp
2024-07-03,WSPU24,0,5571.25,1,32401097000000,10,1,2024-07-03,8,120,1720008001097000000
END
  reads b3-otc <<'END'
Data/Hora da ultima atualizacao: 03/06/2022 20:29:11
Instrumento Financeiro;Emissor;Codigo IF;Quantidade Negociada;Preco Negocio;Volume Financeiro R$;Taxa Negocio;Origem Negocio;Horario Negocio;Data Negocio;Cod. Identificador do Negocio
DEB;X;UTPS22;75;1089,29817700;81697,36;6,8800;Cetip Trader;19:03:31;03/06/2022;#88847385
=>
kind,issuer,security_code,quantity,price,volume,rate,origin,clock,date,trade_id,timestamp
DEB,X,UTPS22,75,1089.298177,81697.36,6.88,Cetip Trader,68611000000000,2022-06-03,#88847385,1654293811000000000
END
  reads metatrader-ticks < <(printf '%s\n' $'<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>' $'2022.11.10\t15:00:00.017\t0.86682\t0.86712\t\t\t6' \
    '=>' date,clock,bid,offer,price,quantity,flags,timestamp 2022-11-10,54000017000000,0.86682,0.86712,,,6,1668092400017000000)
  reads xetra <<'END'
ISIN,Mnemonic,SecurityDesc,SecurityType,Currency,SecurityID,Date,Time,StartPrice,MaxPrice,MinPrice,EndPrice,TradedVolume,NumberOfTrades
"DE1","X","X S.E., O.N.","Common stock","EUR",2504290,2017-07-28,07:01,11.855,11.885,11.85,11.875,3777,6
=>
isin,security_code,name,kind,currency,security_id,date,clock,open,high,low,price,quantity,trades,timestamp
DE1,X,"X S.E., O.N.",Common stock,EUR,2504290,2017-07-28,25260000000000,11.855,11.885,11.85,11.875,3777,6,1501225260000000000
END
  reads sirca <<'END'
#Instrument,Date,Time,Record Type,Price,Volume,Undisclosed Volume,Value,Qualifiers,Trans ID,Bid ID,Ask ID,Bid/Ask,Entry Time,Old Price,Old Volume,Buyer Broker ID,Seller Broker ID
BHP,20130501,10:00:00.001,ENTER,32.600,160,0,5216,,0,6263684926150135747,,B,,,,406,
=>
security_code,date,clock,action,price,quantity,undisclosed_quantity,amount,qualifiers,transaction_id,bid_order,ask_order,side,entry_time,old_price,old_quantity,buyer,seller,timestamp
BHP,2013-05-01,36000001000000,ENTER,32.6,160,0,5216,,0,6263684926150135747,,1,,,,406,,1367366400001000000
END
}

@test "schemas: the newer spelling of this exchange makes the tables of the old one" {
  reads orders-capitals <<'END'
Sequence,TradeDate,ChangeReason,ExchangeOrderType,LeavesQuantity,MidTick,NationalBidPriceSnapshot,OrderBookId,OrderId,OrderQuantity,OrderStatus,ParticipantId,Price,Side,TimeChanged,TotalMatchedQuantity,isReloaded
7,20240905,6,64,100,1,-9223372036854775808,110621,7904794000132347948,100,1,12,3390,1,1725494400000000000,0,0
=>
sequence,tradedate,changereason,exchangeordertype,leavesquantity,midtick,national_bid,security_code,order_id,quantity,orderstatus,participantid,price,side,timestamp,totalmatchedquantity,isreloaded
7,20240905,6,64,100,1,,110621,7904794000132347948,100,1,12,3390,1,1725494400000000000,0,0
END
  reads trades-capitals <<'END'
Sequence,DealSource,ExecutionTimestamp,MatchGroupId,OrderBookId,OrderId,ParticipantId,Price,Quantity,Side
7,47,1725494400000000000,5,110621,7904794000132347948,12,3390,100,2
=>
sequence,dealsource,timestamp,matchgroupid,security_code,order_id,participantid,price,quantity,side
7,47,1725494400000000000,5,110621,7904794000132347948,12,3390,100,2
END
  reads nbbo-capitals <<'END'
OrderBookId,Timestamp,TradeDate,BidPrice,OfferPrice,BidQuantity,OfferQuantity,Sequence
110621,1725494400000000000,20240905,3390,0,100,-9223372036854775808,7
=>
security_code,timestamp,tradedate,bid,offer,bid_size,offer_size,sequence
110621,1725494400000000000,20240905,3390,,100,,7
END
  reads sessions <<'END'
Partition,Sequence,TradeDate,Id,Level,MatchingType,Name,OrderBookId,Timestamp,Type,isEndOfTrading
1,2,20240905,3,4,5,OPEN,110621,1725494400000000000,6,0
=>
Partition,Sequence,TradeDate,Id,Level,MatchingType,name,security_code,timestamp,Type,isEndOfTrading
1,2,20240905,3,4,5,OPEN,110621,1725494400000000000,6,0
END
  reads orderbooks <<'END'
Id,Name,IsinCode,Currency,DecimalsInPrice,MarketId,isActive,Other
110621,BHP,AU000000BHP4,AUD,3,1,1,x
=>
security_code,name,isin,currency,decimals_in_price,market_id,is_active,Other
110621,BHP,AU000000BHP4,AUD,3,1,1,x
END
  reads participants <<'END'
Id,ParticipantName,ParticipantLongName,isActive
12,ABC,A Broker,1
=>
participantid,name,long_name,is_active
12,ABC,A Broker,1
END
  # as tables they are the old ones
  printf 'OrderId,TimeChanged,OrderBookId,Price\n1,2,3,4\n' | sw-chunk | sw-info -f json | grep -q '"table": *"orders"'
}

@test "schemas: a header finds its schema where that is unambiguous; where two fit both are named" {
  found() { [ "$(sw-chunk --name "${3-x}" <<<"$2" 2>&1 >/dev/null | head -n 1)" = '' ] && [ "$(sw-chunk --name "${3-x}" <<<"$2" | sw-info -f json | jq -r .table)" = "$1" ]; }
  found trades 'timestamp,symbol,local_timestamp,exchange,id,side,price,amount'
  found trades 'Time|Symbol|Trade Price|Trade Correction Indicator' EQY_US_ALL_TRADE_20180103.psv
  found nbbo $'<DATE>\t<TIME>\t<BID>\t<ASK>'
  found trades 'CodigoInstrumento;PrecoNegocio;QuantidadeNegociada;HoraFechamento;DataNegocio'
  found trades 'agg_trade_id,price,quantity,transact_time,is_buyer_maker' X-aggTrades-1.csv
  found tick_history '#RIC,Date-Time,Type,Price'
  expect_status 2 sw-chunk <<<timestamp,symbol,side,size,price,tickDirection,trdMatchID
  same "$output" 'sw-chunk: standard input: the header fits several schemas (bitmex-trades, bybit-trades); see -t'
  expect_status 2 sw-chunk <<<ts_recv,ts_event,action,order_id,channel_id
  same "$output" 'sw-chunk: standard input: the header fits several schemas (databento-mbo-pretty, databento-mbo); see -t'
}

@test "schemas: every one that is shipped for files of others is tested here, and described" {
  for file in "$TREE"/share/schemas/*.schema; do
    name=${file##*/} name=${name%.schema}
    grep -q "^# https://\|newer spelling\|of this exchange" "$file" || continue
    grep -q "reads \"*$name\|$name" "$TREE/tests/schemas.bats" || [[ $name == binance-spot-* || $name == lobster-orderbook-* ]] || { echo "$name: no rows"; false; }
    grep -q "^\.It .*\b$name\b" "$TREE/man/sw-schemas.7" || { echo "$name: not in sw-schemas(7)"; false; }
  done
}

@test "schemas: files are trades and quotes where they are given as such, whatever their schema's table is called" {
  sw-gen --rows 4000 --securities 2 --seed 3 -o made
  for table in trades nbbo; do
    sed "s/^table $table/table elsewhere_$table/" "$TREE/share/schemas/$table.schema" >"$table.schema"
    sw-chunk -t "$table" "made/$table.csv" | sw-sort -k security_code,timestamp >"$table.swr"
    sw-chunk -t "./$table.schema" "made/$table.csv" | sw-sort -k security_code,timestamp >"other-$table.swr"
  done
  sw-chunk made/orders.csv | sw-sort -k security_code,order_id,timestamp,sequence >orders.swr
  for table in trades other-trades; do sw-sort -k security_code,order_id,timestamp $table.swr -o $table.swr.sorted; done
  sw-classify --trades trades.swr.sorted orders.swr >classified.swr
  sw-classify --trades other-trades.swr.sorted orders.swr | sw-cut | cmp - <(sw-cut classified.swr)
  [ "$(sw-info -f json classified.swr | jq .rows)" -gt 10 ]
  sw-simulate --nbbo nbbo.swr classified.swr | sw-cut >wanted
  sw-simulate --nbbo other-nbbo.swr classified.swr | sw-cut | cmp - wanted
  # what is known to be something else is refused
  expect_status 1 sw-classify --trades orders.swr orders.swr
  [[ $output == *"not trades: table 'orders'"* ]]
  expect_status 1 sw-simulate --nbbo classified.swr classified.swr
  [[ $output == *"not quotes (nbbo): table 'classified'"* ]]
}

# samples: the rows of the tests above, as files: SCHEMA<tab>FILE a line, of every schema that is shipped for files of others; repeated, so that
# there is something to cut.
samples() {
  local schema name i header
  awk -v end= '
    /^  reads / { file = $2 ".in"; word = $0; sub(/.*<</, "", word); gsub(/\047/, "", word); name = $3 ~ /^</ ? $2 ".csv" : $3; print $2 "\t" name; on = word !~ /\(/; next }
    on && $0 == "=>" || $0 == word { on = 0 }
    on { print >file }' "$BATS_TEST_FILENAME" >list
  printf '<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>\n2022.11.10\t15:00:00.017\t0.86682\t0.86712\t\t\t6\n' >metatrader-ticks.in
  for i in -ms:1672531200000 :1735689600000000; do
    printf '1,16541.77,0.00241,39.86,%s,True,True\n2,16541.8,1,16541.8,%s,False,True\n' "${i#*:}" "${i#*:}" >"binance-spot-trades${i%:*}.in"
    printf '1,16541.77,0.00241,1,1,%s,True,True\n2,16541.8,1,2,2,%s,False,True\n' "${i#*:}" "${i#*:}" >"binance-spot-aggtrades${i%:*}.in"
    printf '%s\n' "binance-spot-trades${i%:*}"$'\t'X-trades-1.csv "binance-spot-aggtrades${i%:*}"$'\t'X-aggTrades-1.csv >>list
  done
  for i in 5 10; do
    { seq -s, $((4 * i)); seq -s, 100 $((4 * i + 99)); } >lobster-orderbook-$i.in
    printf 'lobster-orderbook-%s\tX_2012-06-21_1_2_orderbook_%s.csv\n' $i $i >>list
  done
  mkdir files
  while IFS=$'\t' read -r schema name; do
    mkdir "files/$schema"
    header=1
    [ "$schema" != b3-otc ] || header=2
    ! grep -q ^names "$TREE/share/schemas/$schema.schema" || header=0
    { head -n "$header" "$schema.in"; for ((i = 0; i < 60; i++)); do tail -n +$((header + 1)) "$schema.in"; done; } >"files/$schema/$name"
    printf '%s\tfiles/%s/%s\n' "$schema" "$schema" "$name"
  done <list
}

# bats test_tags=check
@test "schemas: of every one that is shipped for files of others any cut has the same rows" {
  samples >all
  for file in "$TREE"/share/schemas/*.schema; do
    name=${file##*/}
    grep -q "^# https://\|newer spelling" "$file" || continue
    grep -q "^${name%.schema}"$'\t' all || { echo "$name: no rows"; false; }
  done
  chance=7
  while IFS=$'\t' read -r schema file; do
    whole=$(sw-chunk -t "$schema" "$file" | sw-info --digest)
    [ "${whole%% *}" -ge 60 ] || { echo "$schema: $whole"; false; }
    read -r _ first _ < <(sw-chunk -t "$schema" --plan -n 1 "$file")
    size=$(stat -c %s "$file") places=("$first")
    for _ in 1 2 3 4 5; do
      chance=$((chance * 16807 % 2147483647))
      at=$((first + chance % (size - first)))
      # within quotes a cut is refused: there the row's end is taken
      ! grep -q '"' "$file" || at=$((at + $(tail -c +$((at + 1)) "$file" | head -n 1 | wc -c)))
      places+=("$at")
    done
    mapfile -t places < <(printf '%s\n' "${places[@]}" "$size" | sort -nu)
    for ((i = 1; i < ${#places[@]}; i++)); do
      sw-chunk -t "$schema" --range "${places[i - 1]}:$((places[i] - places[i - 1]))" "$file"
    done | sw-info --digest | cmp - <(echo "$whole") || { echo "$schema, cut at ${places[*]}"; false; }
  done <all
}

# bats test_tags=check
@test "schemas: volume, value and VWAP by security and hour of any vendor's trades, in one command" {
  samples >all
  done_with=0
  while IFS=$'\t' read -r schema file; do
    case $schema in tick-history | xetra) ;; *) grep -q '^rows trade' "$TREE/share/schemas/$schema.schema" || continue ;; esac
    # -t only where the header does not tell: there is none, or raw and pretty, or two vendors, are written with the same
    named=()
    case $schema in
      databento-trades | databento-trades-pretty | bybit-trades | bitmex-trades | kraken-trades | binance-spot-*) named=(-t "$schema") ;;
    esac
    sw-chunk -t "$schema" "$file" >rows.swr
    zone=$(sw-info -f json rows.swr | jq -r .zone)
    sw-cut rows.swr | python3 "$TREE/tests/traded_oracle.py" "${zone/#null/UTC}" >wanted
    rm -rf out
    report "${named[@]}" -g security_code,hour -a 'trades=count(),volume=sum(quantity),value=sum(value),vwap=vwap()' -o out "$file" 2>said || { cat said; false; }
    cmp wanted out/aggregated/groups.csv || { echo "$schema"; false; }
    "$TREE/examples/traded-by-hour" "${named[@]}" "$file" | cmp wanted - || { echo "$schema"; false; }
    done_with=$((done_with + 1))
  done <all
  [ "$done_with" -eq 19 ]
}

@test "schemas: of eight forms any cut has the same rows, and so has the CSV that is made of them" {
  while IFS=$'\t' read -r form _; do
    form_of "$form"
    cp "$BATS_FILE_TMPDIR/$form/all" "$form_file"
    whole=$(sw-chunk -t "$form_schema" "$form_file" | sw-info --digest)
    [[ $whole == *3000* ]]
    sw-chunk -t "$form_schema" "$form_file" | sw-cut >out
    same "$(sw-chunk -t "$form_schema" --canonical out | sw-info --digest)" "$whole"
    size=$(stat -c %s "$form_file") first=$(sw-chunk -t "$form_schema" --plan -n 1 "$form_file" | cut -f 2)
    for cut in $((first + 1)) $(((first + size) / 2)) $((size - 1)); do
      { sw-chunk -t "$form_schema" --range "$first:$((cut - first))" "$form_file" && sw-chunk -t "$form_schema" --range "$cut:$((size - cut))" "$form_file"; } |
        sw-info --digest | cmp - <(echo "$whole") || { echo "$form, cut at $cut"; return 1; }
    done
    for pieces in 2 7; do
      sw-chunk -t "$form_schema" --plan -n $pieces "$form_file" | while read -r _ offset length; do sw-chunk -t "$form_schema" --range "$offset:$length" "$form_file"; done |
        sw-info --digest | cmp - <(echo "$whole") || { echo "$form, $pieces pieces"; return 1; }
    done
  done <"$BATS_FILE_TMPDIR/forms"
}

@test "schemas: a bad value of each kind is told by file, line, column, value and reason" {
  while IFS='|' read -r form field value column reason; do
    form_of "$form"
    tab=$'\t'
    case $form in taq) between='[|]' ;; b3) between=';' ;; metatrader) between=$tab ;; *) between=, ;; esac
    awk -F"$between" -v OFS="${between//[\[\]]/}" -v at="$field" -v value="$value" 'NR == 17 { $at = value } 1' "$BATS_FILE_TMPDIR/$form/few" >"$form_file"
    expect_status 1 sw-chunk -t "$form_schema" "$form_file"
    same "$output" "sw-chunk: $form_file:17: $column: $reason: '$value'"
    # and so it is where rows are collected, the others being read
    sw-chunk -t "$form_schema" --bad-rows bad "$form_file" 2>/dev/null | sw-agg -a 'n=count()' | cmp - <(printf 'n\n29\n')
    same "$(cut -f 2,3 bad)" "$column$tab$reason"
  done <<'END'
databento|2|2024-09-05T25:00:00.5Z|timestamp|not a time
databento|8|93.99x|price|not a decimal
databento|8|93.9900000001|price|more than 9 decimals
databento|9|1.5|quantity|not a whole number
databento|7|X|side|not a whole number
databento|11|18446744073709551616|order_id|out of range
lobster|1|34200.1355208721|clock|more than 9 decimals of a second
lobster|1|86401.5|clock|more than a day
lobster|5|9399.5|price|not a whole number
lobster|2|9223372036854775808|type|out of range
taq|1|236060123456789|clock|not a time of day written %H%M%S%f
taq|6|1,5|price|not a decimal
tick-history|3|2024-02-30T13:30:00Z|timestamp|not a time
tick-history|3|1725543000135|timestamp|counts milliseconds since 1970, not nanoseconds
binance|5|1725543000135520.5555|timestamp|more than 9 decimals of a second
binance|2|1e-9|price|more than 8 decimals
binance|6|Maybe|side|not a whole number
bybit|3|buy|side|not a whole number
b3|4|93.990|price|not a decimal
b3|6|246060000|clock|not a time of day written %H%M%S%f
b3|9|2024-13-01|date|not a date
b3|5|1,5|quantity|not a whole number
metatrader|1|2024.02.30|date|not a date written %Y.%m.%d
metatrader|2|13:30:61|clock|not a time of day
metatrader|3|0,09|bid|not a decimal
END
}
