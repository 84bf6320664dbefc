/* SPDX-License-Identifier: Apache-2.0 */
#include "main/demo_text.h"

/* The town of Saltmere and what its people talk about. */
/* clang-format off */
const char *const demo_given_names =
    "Anna|Bert|Clara|Dmitri|Elif|Farah|Gustav|Hana|Ines|Jonas|Kwame|Leila|Mateusz|Nadia|Oskar|Priya|Quentin|Rosa|Sven|Tomoko|"
    "Ulrike|Vikram|Wanjiru|Ximena|Yusuf|Zofia|Aoife|Bram|Chiara|Dung|Eszter|Finn|Greta|Hassan|Ilse|Jelena|Kofi|Lucía|Malik|"
    "Ngozi|Olga|Pavel|Rania|Siobhán|Tariq|Una|Věra|Wei|Yara|Zeynep|Alba|Bilal|Camille|Dagny|Emeka|Fatima|Giorgos|Hedda|Ivo|"
    "Joana|Kenji|Lieke|Mariam|Nils|Odile|Petra|Rui|Saskia|Théo|Uma|Vasco|Wiktoria|Yael|Zainab|Arjun|Beatriz|Cem|Daria|Eero|"
    "Francesca|Gael|Henrike|Ismail|Juhani|Katarzyna|Lars|Mirela|Noor|Ondřej|Paloma|Ramón|Sunniva|Tuğba|Valentin|Yuki|Żaneta";
const char *const demo_family_names =
    "Abel|Bakker|Castro|Dvořák|Eriksen|Fontaine|Güneş|Hoang|Ivanova|Jansen|Kowalska|Lindqvist|Mensah|Nakamura|Okafor|Petrov|"
    "Quiroga|Rahman|Santos|Tanaka|Ueda|Varga|Weber|Xu|Yılmaz|Zielińska|Achterberg|Brennan|Costa|Diallo|Engel|Ferreira|Gallo|"
    "Haddad|Iyer|Jovanović|Kaya|Lefèvre|Moreau|Nguyen|O'Shea|Papadakis|Ríos|Sørensen|Tamm|Usman|Vogel|Wójcik|Yamada|Zimmer";
const char *const demo_jobs =
    "nurse at the clinic on Quay Street|bus driver, line 4|teacher, mostly maths|carpenter|retired pilot of the harbour|"
    "baker, up since three|student, sea and soil|runs the bike shop by the station|librarian|works nights at the cold store|"
    "bookkeeper for three choirs|translator|electrician|ferry deckhand|gardener of other people's gardens|pharmacist|"
    "stage hand at the Lantern|postwoman|programmer, sorry|midwife|cook at the school canteen|plumber on call|"
    "tram enthusiast|piano tuner|vet, large animals|surveyor|on parental leave|beekeeper|journalist at the Saltmere Echo|"
    "youth coach|bricklayer|radio amateur|tailor|social worker|watchmaker|fishmonger|between jobs";

static const struct demo_list lists[] = {
    { "boat", "the ferry|the pilot boat|the old tug Marianne|the dredger|the Greta II|the lifeboat|the sail training ship|the crab boats|the research vessel|the harbour ferry|the little green dinghy" },
    { "plant", "the tomatoes|the runner beans|my courgettes|the quince|the rhubarb|the dahlias|the leeks|the garlic|the chard|the pear tree|the sweet peas|the potatoes|the kale|the figs|the broad beans" },
    { "match", "the derby|the cup game|the match against Norhaven|the under-15s|the women's first team|the away game at Brack|the veterans' match|the Sunday league|the play-off" },
    { "matter", "the parking plan|the library hours|the bus lane on Mill Road|the swimming pool|the market square paving|the school meals contract|the flood wall|the night bus|the street lights|the youth centre budget|the tree survey|the cycle path along the canal" },
    { "dish", "the fish soup|lentil stew|sourdough|plum cake|dal with spinach|pierogi|the Sunday roast|pickled herring|cardamom buns|börek|tomato tart|onion soup|kimchi|apple crumble|potato pancakes|gnocchi|the rye bread|shakshuka" },
    { "train", "the 7:42|the branch line|the night train|the new timetable|platform 2|the railcar to Brack|the last train back|the rail replacement bus|the steam special|the signal box|the ticket machine" },
    { "broken", "the toaster|a radio from 1961|my bike lamp|the coffee grinder|a sewing machine|grandma's mixer|the lawnmower|a wall clock|the record player|an umbrella|the kids' scooter|a desk lamp|the hoover|a zip" },
    { "book", "the new Tokarczuk|a fat history of salt|the lighthouse novel|that Japanese mystery|the poems from the reading|Middlemarch|the book about eels|a biography of Ada Lovelace|the graphic novel about the strike|a 1930s travel diary|the crime novel set right here" },
    { "music", "the Fauré|the spring concert|the new song in seven-eight|the alto line|the brass band|the Bach|our shanty evening|the jazz night|the organ recital|the ukulele group|the carol rehearsal" },
    { "ride", "the dyke loop|the ride to the lighthouse|the commute|the hill behind Brack|the Sunday tour|the cargo bike|the gravel path|the canal path|the 80 km round" },
    { "bird", "a kingfisher|the storks|two curlews|the barn owl|a flock of brent geese|the swifts|a marsh harrier|an avocet|the starlings|a lost puffin|the terns|a hoopoe" },
    { "pet", "the dog|our cat|the neighbour's parrot|the foster kitten|the old greyhound|the three hens|the rabbit|the shelter puppy|the tortoise" },
    { "gadget", "the home server|my new keyboard|the mail filter|a shell script|the e-reader|the weather station|the old laptop|the 3D printer|the mesh radio|the router|the backup disk" },
    { "school", "the school play|the maths test|the class trip|the parents' evening|the timetable|the sports day|the science fair|the summer reading list|the allotment class|the recorder lesson" },
    { "sky", "the moon|Jupiter|the meteor shower|a ring around the moon|the northern lights|the space station|Saturn|the comet|the fog|the first frost" },
    { "past", "the old salt works|a photo from 1908|the flood of 1953|the rope walk|the tram depot|the shipyard strike|the town wall|a letter from 1871|the lighthouse keeper's log|the cinema on Quay Street" },
    { "place", "the harbour|the market|Quay Street|the dyke|the lighthouse|the mill|the station|the canal|the common|the north beach|the library steps|the boatyard|the weir|the old town" },
    { "weather", "[light|thick|low] fog|a [stiff|cold|mild] [north-easterly|westerly|sea breeze]|[fine|warm|endless] rain|[blue|pale|pink] skies|hail for five minutes|a sky like [pewter|wet slate|milk]|the first warm [evening|morning]" },
    { "when", "this morning|last night|on Tuesday|after work|before breakfast|at the weekend|just now|at half past {hour}|yesterday|on the way home|in the lunch break|all afternoon" },
    { "who", "my sister|the neighbours|an old man on the bench|the kids|our postwoman|half the street|a woman from Brack|my flatmate|two tourists|the caretaker|someone from the council|my uncle|the new trainee|a colleague" },
    { "feel", "[Quite|Honestly|Still] [happy|proud|surprised|a bit moved|relieved] about it|I keep smiling|Worth it|Small things|Not what I expected, in a good way|Ten out of ten|I needed that|Could be worse" },
    { "veg", "beans|carrots|beetroot|leeks|parsnips|spinach|pumpkin|peppers|turnips|celeriac|peas" },
    { "score", "{n}:1, and it could have been more|2:2 in the last minute|0:0, but what a 0:0|1:{n}, let us not speak of it|3:2 after being two down|4:3|1:0 by a corner that nobody meant" },
    { "warning", "food|health|spoiler|politics, local|long|death of a pet|eye contact|work rant|football" },
    { "number", "two|three|four|five|six|seven|a dozen|about twenty|forty" },
};

static const char *const harbour_posts[] = {
    "{it} [came in|went out|turned around] {when} with {weather}. [I stood|We stood|{who} stood] at {place} and watched.",
    "Does anybody know why {it} [is flying|has] [a red flag|so many flags|no lights] today?",
    "{number} [seals|porpoises|harbour seals] next to {it} {when}. [No photo, hands too cold.|{who} saw them first.|They looked at us as if we were late.]",
    "Low water at {hour}:[15|20|30|45|50], and {it} sat on the mud like [a sulking duck|a grounded whale|somebody waiting for a bus].",
    "Painted [half|the last third|one side] of [the hull|the cabin|the railing] {when}. {it} [will be|should be] [blue|green|red] again by [Easter|Friday|the regatta].",
    "The harbour office says {it} is [delayed|moved to berth {n}|back on Thursday]. [{weather}, they say.|Nobody is surprised.|We will see.]",
    "Heard {it} [before I saw it|long before it came round the pier|from my bed], {weather} over everything.",
    "Swam from the steps to [the second buoy|the slipway|the ladder] {when}. {n} degrees. {feel}.",
    "[Helped|Tried to help] {who} [splice a line|tie up|lift the mast] {when}. I now know {number} words that I cannot repeat here.",
    "They are [lifting|repairing|auctioning] {it} on [Saturday|Friday|Monday]. [Coffee|Soup|Beer] at {place} for whoever comes to look.", NULL };
static const char *const harbour_tails[] = { "{feel}.", "Smells of tar and diesel and [cinnamon buns|chips|spring].", "The gulls have [opinions|no shame|won].", "If you want to see it: {place}, [now|until six|tomorrow again].", "[I could|One could] stand there for hours.", NULL };
static const char *const harbour_replies[] = { "I saw {it} too, from {place}!", "My [father|grandmother|aunt] worked on {it} for {n} years.", "They said {it} would be gone by autumn. They say that every autumn.", "[Careful|Mind the swell] out there, {weather} tonight.", "I can hear {it} from my kitchen.", "Is {it} the one that hit the pier in March?", "Next time tell me and I'll bring the binoculars.", NULL };

static const char *const garden_posts[] = {
    "{when} I finally [planted|moved|cut back|mulched] {it}. [My back|My knees|The robin] [disagrees|approves|will remember].",
    "{it} [are|have been] [eaten by slugs|flowering|sulking|growing like mad] since {weather}. [Any ideas?|What do you do about it?|Same at yours?]",
    "Swap: I have [too many|a crate of|two buckets of] {veg}, and would love [seeds|cuttings|jars|any amount] of {veg}. At {place} on Saturday.",
    "First [{veg}|harvest|bowl] of the year. {who} [ate half of it on the way in|wanted ketchup|said nothing and took seconds].",
    "Note to myself, again: do not [water|sow|prune] {it} [at noon|before May|in a storm|when angry].",
    "The compost is at {nn} degrees, which I find [exciting|more exciting than I should|hard to explain at work].",
    "{who} gave me [a bag of manure|{number} seedlings|an old greenhouse window|a book on bees] {when}. Best present this year.",
    "Does {it} need [sun|shade|lime|company]? The label says one thing and {who} another.",
    "Found [a toad|a hedgehog|a nest|{number} ladybirds] under {it} {when}. [The garden is theirs now.|We moved on tiptoe.|Left everything as it was.]",
    "Allotment meeting: [water|fences|the bonfire|the shared shed] took {n} minutes, {it} took an hour.", NULL };
static const char *const garden_tails[] = { "{feel}.", "[Rain|Sun] would help.", "Soup it is, then.", "The neighbours' [cat|hen] supervised.", "Plot {n}, come and look.", "Gardening is mostly [waiting|kneeling|optimism].", NULL };
static const char *const garden_replies[] = { "Nettle tea. Smells terrible, works.", "{it} did the same here last year and recovered.", "I have spare {veg}, come by.", "[Copper tape|Beer traps|Ducks] against slugs, nothing else.", "Patience. {it} will come.", "Mine are still asleep, you are ahead!", "Could I have a cutting of that?", "{it}? At this time of the year? Brave.", NULL };

static const char *const football_posts[] = {
    "{it}: {score}. [What an afternoon.|I have no voice left.|My hands are still shaking.|I need to sit down.]",
    "Who has a [lift|spare ticket|seat in the car] to {it}? [I bring cake.|Two of us.|Happy to share petrol.]",
    "The [referee|linesman|goalkeeper|new left back] at {it} deserves [a medal|a long holiday|a statue at {place}].",
    "Training {when} in {weather}. {number} came. The {number} best people in town.",
    "[Still thinking|Cannot stop thinking] about {it}. That [free kick|save|pass] in minute {nn} will be told to grandchildren.",
    "We look for [a goalkeeper|a coach for the under-9s|somebody who washes {n} shirts] at Saltmere Rovers. No talent needed, only [time|patience|a big washing machine].",
    "They want to move {it} to a Monday. [A Monday!|Who comes on a Monday?|My sister plays cards on Mondays.]",
    "Half time at {it}: sausage {n} minutes, queue {nn}. [The game is fine too.|Priorities.]",
    "My [son|niece|grandson|daughter] scored in {it} {when}. {feel}.", NULL };
static const char *const football_tails[] = { "Up the Rovers!", "{feel}.", "Same again on [Sunday|Saturday].", "[Fair play|Respect] to the other side.", "Thanks to the volunteers at the tea stand.", NULL };
static const char *const football_replies[] = { "That was offside and you know it.", "I was there! {it} was the best in years.", "We had the bus full of singing on the way home.", "Next season. I say it every year.", "My voice is gone as well.", "The keeper. All of it thanks to the keeper.", "Put me down for two seats.", NULL };

static const char *const council_posts[] = {
    "Council {when}: {it} [goes to committee again|passed with one vote|was postponed|took {n} minutes and no decision].",
    "I read all {nn} pages about {it} so that you need not. Short: [it costs more than planned|nobody asked the bus drivers|it is better than its reputation|page 12 is the interesting one].",
    "Can somebody explain {it} to me as if I were {who}?",
    "Petition for {it} lies out at [the library|the bakery|the bike shop|the pharmacy]. {nn} signatures since Monday.",
    "Question for those who live at {place}: does {it} [help|bother|concern] you? I speak in the council on Thursday and would rather bring your words than mine.",
    "{who} asked at the meeting who pays for {it}. Silence. Then [laughter|coughing|the minutes of March].",
    "Good news: {it} [is funded|starts in autumn|gets a second look]. [Thanks to all who wrote letters.|It took {n} years.]",
    "I was against {it} and have changed my mind. Reason: [I walked there with a pram|I looked at the numbers|{who} showed me the old plans].", NULL };
static const char *const council_tails[] = { "Minutes are [online|at the library].", "Stay polite in the replies, please.", "{feel}.", "Next meeting: Thursday, town hall, public.", "I am open to being wrong.", NULL };
static const char *const council_replies[] = { "Thank you for reading all that.", "About {it} I agree, about the cost I don't.", "At {place} we wait for this since {n} years.", "Who voted against?", "Could we get the numbers for {it} somewhere?", "I'd sign that.", "My letter about {it} was never answered.", "Bring chairs, it will be long.", NULL };

static const char *const cooking_posts[] = {
    "{it} {when}. [More garlic than the recipe said.|Without a recipe.|Burnt at the edges, perfect inside.|Eaten out of the pan.]",
    "What do you put into {it}? {who} says [dill|nutmeg|vinegar|a spoon of honey], and I am [shaken|curious|willing to try].",
    "{n} jars of [plum jam|pickled {veg}|quince jelly|tomato sauce] on the shelf. [The kitchen looks like a crime scene.|Winter may come.]",
    "Cooked {it} for {number} {when}. [Nothing left.|Two helpings each.|The dog got the rest.] {feel}.",
    "The [fish|cheese|spice] stall at the market has [mackerel|smoked eel|Comté|black cardamom|sumac] again. [Run.|Until noon.|I warned you.]",
    "My sourdough is called [Gerda|Bruce|The Colleague|Number Five] and it [rose|sulked|escaped the jar] {when}.",
    "Tried {it} the way {who} makes it: [twice as long|with twice the butter|cold|upside down]. They were right.",
    "Looking for a recipe with {veg}, {veg} and [half a lemon|stale bread|one tired leek], for {number}, in {tens} minutes. Go.",
    "Community kitchen at {place} on [Wednesday|Friday]: {it}. [Pay what you can.|We need two more to wash up.|Bring a plate.]", NULL };
static const char *const cooking_tails[] = { "{feel}.", "Butter is a vegetable.", "The window is open, the whole street knows.", "Recipe on request.", "No photo, it was gone too fast.", "Tomorrow: leftovers.", NULL };
static const char *const cooking_replies[] = { "Caraway. Always caraway.", "{it} with [beer|buttermilk|a fried egg], trust me.", "Recipe please!", "My grandmother would have words with you.", "I can smell {it} from here.", "Less water next time and a hotter oven.", "Saving this for Sunday.", "We had {it} as well, what are the odds.", NULL };

static const char *const train_posts[] = {
    "{it}: {tens} minutes late [at Brack|at the viaduct|before it even started]. Reason given: [a swan|leaves|a door|the previous train|reasons].",
    "{it} {when}, window seat, {weather}. {feel}.",
    "They want to close [the ticket office|the waiting room|the level crossing] because of {it}. [Letters go here|Meeting] on [Monday|Thursday].",
    "Spent {when} at {place} with a thermos, counting wagons. {nn}. One of them [painted like a cow|from Portugal|full of onions].",
    "The conductor of {it} [played harmonica|helped a lady with {number} suitcases|announced the birds we passed|knows everybody's stop]. Give that person a raise.",
    "A question for the railway people here: why does {it} [stop in the fields|whistle twice|run backwards on Sundays]?",
    "Model club open day at the depot: {it} in 1:87, with working [signals|level crossing|drunk passenger]. [Children may drive.|Cake.]",
    "Missed {it} by {n} seconds. The driver [shrugged|waved|saw me]. I [walked|sat down|bought a second coffee].", NULL };
static const char *const train_tails[] = { "{feel}.", "Still better than the motorway.", "Somebody write a song about it.", "I love it anyway.", "At least the heating worked.", NULL };
static const char *const train_replies[] = { "I was on {it} as well!", "It's the points at Brack, they freeze.", "A swan! I believe it at once.", "{it} has been late since 1987.", "There's a bus from {place}, if it runs.", "The drivers can't help it, they're {n} people short.", "Show us a picture of that wagon.", NULL };

static const char *const repair_posts[] = {
    "Repair café {when}: {it} [lives|hums again|works, two screws left over|is beyond help, we had a minute of silence].",
    "Has anybody a [spare part|belt|manual|fuse|knob] for {it}? [It is from before the war.|The maker says buy a new one.|Will trade for cake.]",
    "We had {number} guests and {n} repairs. Best of: {it}, brought by {who}, broken since [Christmas|1998|the move].",
    "{who} fixed {it} with [a paper clip|a hairpin|bees' wax|one drop of oil|patience]. I am [in awe|taking notes].",
    "Learnt to [solder|darn|sharpen|re-cane a chair] {when}. Next victim: {it}.",
    "Repair café on Saturday, {hour}:00 to six, {place}. We have [a sewing machine free|a new soldering station|two electricians|coffee]. Bring {it}.",
    "Throwing away {it} would have cost nothing. Mending it cost [two euros|an evening|a thumbnail] and I know it now.", NULL };
static const char *const repair_tails[] = { "{feel}.", "Nothing is thrown away before we have looked.", "Always unplug first.", "There was cake.", "Thanks to the volunteers.", NULL };
static const char *const repair_replies[] = { "I have a box of those somewhere, will look.", "Please never throw {it} away.", "You people are the best of this town.", "Is there room for one more on Saturday? I have {it} too.", "Capacitor. It is always the capacitor.", "Two screws left over means you made it lighter.", "My {n}-year-old wants to come and help.", NULL };

static const char *const book_posts[] = {
    "Finished {it} {when}. [Cried on the bus.|The last {n} pages!|Did not see that coming.|Starting again tomorrow.]",
    "{it}: give up on page {nn} or go on? {who} says [go on|life is short].",
    "Reading circle at {place} on Thursday: {it}. [New people welcome.|You need not have finished it.|There will be biscuits and disagreement.]",
    "The library has {it} again, and {n} people on the list before me. I am [patient|not patient|practising patience].",
    "A sentence from {it} has followed me around {when}. [I will not spoil it.|Chapter {n}, near the end.]",
    "Little free bookcase at {place}: somebody put in {it} and {number} cookbooks. [Go!|The cookbooks are gone, that was me.]",
    "Read {it} aloud to {who}. Best way to notice that [half of it is weather|every chapter begins with soup|the commas are the hero].",
    "Looking for something like {it}, but [shorter|with a happy end|for a twelve-year-old|without the dog dying].", NULL };
static const char *const book_tails[] = { "{feel}.", "No spoilers, please.", "Lent it out already.", "The cover does it no favours.", "[Tea|Rain|A cat] recommended.", NULL };
static const char *const book_replies[] = { "{it} broke my heart, in the good way.", "Could I borrow it after you?", "Go on until chapter {n}, then it turns.", "I liked the one before it better.", "Putting {it} on the list. The list is long.", "The audiobook is read by a saint.", "We talked about {it} for two hours on Thursday.", NULL };

static const char *const music_posts[] = {
    "Rehearsal {when}: {it} [fell apart in bar {n}|suddenly worked|is stuck in my head]. {feel}.",
    "We need [two basses|an alto|a cellist|somebody who can count to seven] for {it}. [Reading music helps, is not needed.|Mondays at {hour}.]",
    "{it} at {place} on [Saturday|Sunday] evening. Free, and [cake|soup|the good chairs] for whoever comes early.",
    "{who} cried at {it}. [So did I.|So did the second row.|From joy, they say.]",
    "The organ at St Brigid's wheezes in {it} like [an old dog|my bicycle|the 7:42]. Fund is at {n} percent.",
    "Learning {it} at [forty-{digit}|half speed|night with headphones]. The neighbours have [asked kindly|started to hum along].",
    "Found {n} old records at {place}: among them {it}, [scratched|signed|two euros].", NULL };
static const char *const music_tails[] = { "Hum it now and you are lost too.", "{feel}.", "Come and listen.", "Bring a cushion.", "Our conductor is a saint.", NULL };
static const char *const music_replies[] = { "{it} gives me goosebumps every time.", "I could do second bass, badly.", "I'll be there with my mother.", "Was that you we heard across {place}?", "Slower. Always practise slower.", "Thank you for the evening!", "Is there a recording?", NULL };

static const char *const ride_posts[] = {
    "{it} {when}, {nn} km, {weather}. [One puncture.|Headwind both ways, how.|{number} coffees.]",
    "To whoever [left glass|parked] on the cycle path at {place}: [please don't|why|I was on {it} with a child in front].",
    "New [chain|saddle|brakes|lamp] for {it}. [Silent!|Like another life.|Should have done that a year ago.]",
    "Slow ride on Friday, {hour}:00 from {place}: {it}. [Nobody is left behind.|Cake at the turning point.]",
    "{who} learnt to cycle {when}. At [sixty-{digit}|four|seventeen]. {feel}.",
    "Counted on {it}: {nn} bicycles, {n} cars, one [horse|mobility scooter race|man carrying a door].",
    "Is the path to {place} open again, or do I take {it} through the mud?", NULL };
static const char *const ride_tails[] = { "{feel}.", "Legs like pudding.", "Helmet hair all day.", "Lights on, everyone.", "Worth every metre.", NULL };
static const char *const ride_replies[] = { "I'm in for Friday.", "{it} with a headwind builds character.", "Mud up to the axle yesterday, take the road.", "Chapeau!", "The glass is swept, was out with a broom.", "Which tyres do you use for {it}?", "See you at the turning point.", NULL };

static const char *const bird_posts[] = {
    "{it} at {place} {when}! [First of the year.|Stayed for {n} minutes.|Only through the rain, but sure.]",
    "Counted for the survey: {nn} [lapwings|gulls|sparrows|teal], and {it}. {who} kept the list.",
    "Is this {it} or am I dreaming? [Long beak, brown, offended look.|White rump, fast, gone.|Sang like a squeaky door.]",
    "{it} woke me at {n} past four. [I forgive.|I do not forgive.|Ear plugs lost.]",
    "Please keep [dogs|kites|drones] away from {place} until July: {it} [is breeding|has four chicks|needs quiet].",
    "{weather} and {it} over the dyke. Stood there with {who} and said nothing for {n} minutes.",
    "The nest box camera shows {it} [redecorating|arguing|asleep standing up]. I got nothing done {when}.", NULL };
static const char *const bird_tails[] = { "{feel}.", "Binoculars steamed up, of course.", "Reported to the survey.", "Quiet feet, please.", "The light was perfect.", NULL };
static const char *const bird_replies[] = { "{it}! I've waited for that all spring.", "Saw it too, from {place}, around {hour}.", "Sounds like a juvenile to me.", "Lucky you. I got {number} crows.", "Please put it into the survey.", "Squeaky door is a greenfinch, I bet.", "My window is open for {it} every evening.", NULL };

static const char *const pet_posts[] = {
    "{it} [stole|ate|guarded|buried] [a sausage|my left sock|the post|half a lasagne] {when}. [No regrets.|I am told it was me.]",
    "Missing since {when}: {it}, last seen at {place}. [Shy, please do not chase.|Answers to cheese.|Found! Thank you all, found.]",
    "The shelter has [{number} kittens|an old spaniel|a pair of rabbits] who need a home. {it} came from there and runs the household now.",
    "Vet with {it}: {n} kilos, [teeth fine|on a diet|a model patient until the thermometer].",
    "{it} and {weather}: [a love story|a battle|out, in, out, in].",
    "Who could look after {it} [at the weekend|in August|for two evenings]? Pays in [cake|tomatoes|eternal thanks].",
    "{it} has a new friend: {who}. They [share a chair|ignore each other with care|walk to {place} every day].", NULL };
static const char *const pet_tails[] = { "{feel}.", "Photo when it holds still.", "Who is the owner here, really.", "Fur on everything.", NULL };
static const char *const pet_replies[] = { "Give {it} a treat from me.", "Ours does exactly the same.", "I can take {it} for the weekend!", "Will keep my eyes open around {place}.", "That face is innocent, I'm sure.", "Cheese works for {it}? Works for me too.", "So glad.", NULL };

static const char *const tech_posts[] = {
    "Moved {it} to [the cupboard|a smaller box|the attic] {when}. [Uptime back to zero.|It is quieter than the fridge now.]",
    "Checked the backups by restoring one. {it} was [fine|missing one folder|from 2019]. Check yours.",
    "How do you explain {it} to {who}? [I tried with drawers.|I drew a picture.|We ended with tea.]",
    "{n} hours on {it}, and the bug was [a space|a time zone|me|daylight saving|a comma].",
    "Computer help at the library, Thursdays from {hour}:00: we did {it} and {number} phones {when}. No question is too small.",
    "Deleted {digit}00 lines from {it} {when} and it does more. {feel}.",
    "{it} now [counts rain|mails me when the freezer warms up|plays a sea shanty at noon]. Nobody asked for it.", NULL };
static const char *const tech_tails[] = { "{feel}.", "Write it down, future me.", "Turn it off and on first.", "No cloud was involved.", NULL };
static const char *const tech_replies[] = { "Time zones. My condolences.", "Could you show me {it} on Thursday?", "What does {it} run on?", "It's always a comma.", "A backup that wasn't restored is a wish.", "My {it} story is worse, over tea some day.", "Please write that up!", NULL };

static const char *const school_posts[] = {
    "{it} {when}: {number} children, one [recorder|frog|fire alarm|broken umbrella], {n} happy parents.",
    "Does anyone still have [a costume|an egg box|{n} jam jars|an old globe] for {it}? By [Friday|tomorrow, of course].",
    "My class asked {when} why {it} is needed at all. [Best discussion of the year.|I had no good answer.]",
    "Homework tonight: [{n} sums and a poem|the water cycle|verbs]. {who} is helping. It gets worse.",
    "Volunteers for {it}: we need [readers|drivers|somebody with a ladder|two cakes without nuts].",
    "{it} with {weather}. Nobody [drowned|complained|wanted to go home].",
    "A ten-year-old explained [tides|pensions|chess|the council] to me {when}, better than the paper does.", NULL };
static const char *const school_tails[] = { "{feel}.", "Teachers, we see you.", "Coffee, please.", "Only {n} weeks to go.", NULL };
static const char *const school_replies[] = { "We have jam jars, how many?", "{it} made my kid's week, thank you!", "I can bring the cake without nuts.", "Children explain everything better.", "The frog was ours. Sorry.", "Thank you for doing {it} every year.", "I remember {it} from my time, same costumes.", NULL };

static const char *const sky_posts[] = {
    "{it} over {place} {when}. [Look up now!|Gone again behind clouds.|Five people on the bridge, all heads back.]",
    "Telescope evening on the common, {hour}:30 if {weather} leaves us alone: {it}. [Bring a scarf.|Children first.]",
    "Showed {who} {it} through the telescope. The sound they made! {feel}.",
    "{it}, {n} seconds exposure, from the roof. [Grainy but mine.|The chimney photobombs.]",
    "Cannot sleep, so: {it}. [The town is very quiet.|A fox crossed Quay Street.|Somebody else's window is lit, hello.]",
    "Please, council: fewer lamps at {place}. {it} was up there all the time and nobody knew.", NULL };
static const char *const sky_tails[] = { "{feel}.", "Cold toes.", "We are small and that is fine.", "Next chance in {n} days.", NULL };
static const char *const sky_replies[] = { "Saw {it} from the balcony, thank you for the shout!", "Clouds here. As always for {it}.", "Is {it} visible without a telescope?", "I'll bring hot chocolate.", "Hello from the other lit window.", "Which way do I look for {it}?", NULL };

static const char *const past_posts[] = {
    "From the archive {when}: {it}. [Look at the hats.|Somebody's dog ran through the picture.|My great-uncle is third from the left, I think.]",
    "Today {nn} years ago: {it}. {who} remembers [the noise|the smell|standing on the roof|none of it, but tells it well].",
    "Walk on Sunday, {hour}:00 from {place}: {it}, and where it stood. [Good shoes.|Ends in the pub.]",
    "Does anybody have photos of {it}? [The museum scans and gives back.|For a book, slowly.|Even bad ones.]",
    "Read {tens} pages of harbour books for one line about {it}. [Found it.|It says 'rain'.|Worth it.]",
    "They found [a cellar|a well|clay pipes|{number} coins] under {place}, and now {it} must be dated anew.", NULL };
static const char *const past_tails[] = { "{feel}.", "History is mostly [invoices|weather|gossip].", "Open archive on Wednesdays.", "If you know more, tell me.", NULL };
static const char *const past_replies[] = { "My grandfather told us about {it} every Christmas.", "I have a box of photos, will look for {it}.", "The hats!", "Wasn't {it} further towards {place}?", "Thank you for keeping this alive.", "Sunday, I'm coming, with my mother, she is 91 and was there.", NULL };

const char *const demo_replies_any[] = {
    "[Ha|Oh|Well], this made my {when}. Thank you.", "Same here, [every year|since Monday|to be honest].", "I told {who} and they [laughed|did not believe it|want to come along].", "Beautifully said.",
    "[Agreed|Not sure I agree|I see it a bit differently], but [glad you wrote it|tell me more|let's talk at {place}].", "How did it go on?", "Where was that, exactly? Near {place}?", "Count me in.",
    "That is so Saltmere.", "[Hugs|Strength|All the best] to you!", "You should tell the Echo about it.", "I needed to read that today.", "Reminds me of {place}, {n} years ago.", "[Noted|Saved|Printed and on the fridge].",
    "I had the opposite, {when}: [nothing at all|far too much of it|and with {weather} on top].", "Come by for [tea|soup|a beer] and tell it again.", NULL };
const char *const demo_replies_question[] = {
    "I asked {who}: [probably yes|no idea either|only on Sundays].", "Yes, but [ask at {place} first|not before {hour}|only with a [permit|friend|rain coat]].", "No. [Sorry!|Tried it.|Since last year not any more.]",
    "The library has a leaflet about {it}, I think.", "Good question. I'd [phone them|wait a week|just try].", "Same question here, following along.", "My experience with {it}: [better than expected|never again|works in {n} days].", "[Depends|Two schools of thought], and both meet at {place} on Fridays.", NULL };
const char *const demo_posts_german[] = {
    "[Heute früh|Gestern Abend|Eben] am [Hafen|Deich|Bahnhof|Markt]: [Nebel|Möwen|Sonne|Regen] und [sehr viel Ruhe|ein Akkordeon|der Geruch von Brötchen]. [Schön war's.|Mehr braucht es nicht.|Ich blieb eine Stunde.]",
    "Wer hat [eine Bohrmaschine|ein Zelt|einen Entsafter|eine lange Leiter] zu verleihen? [Bringe Kuchen mit.|Nur fürs Wochenende.|Hole ab.]",
    "Habe [Pflaumenmus|Brot|Kartoffelsuppe|Apfelkuchen] gemacht, [nach Omas Zettel|ohne Rezept|zum ersten Mal]. [Es reicht für die ganze Straße.|Nichts übrig.|Beim nächsten Mal mehr Salz.]",
    "[Der Bus|Die Fähre|Der Zug] kam [gar nicht|pünktlich, ich nicht|mit Musik]. [So ist das hier.|Dann eben zu Fuß.|Ich habe gelesen.]",
    "Chorprobe [am Montag|heute]: [Bach|ein Kanon|etwas Neues]. [Alt gesucht!|Wir klangen fast wie ein Chor.|Takt zwölf bleibt schwierig.]", NULL };
const char *const demo_posts_spanish[] = {
    "[Esta mañana|Ayer|Hace un rato] en [el puerto|el mercado|la estación|la playa]: [niebla|sol|gaviotas|un poco de lluvia] y [mucha calma|un acordeón|olor a pan]. [Qué bonito.|No hace falta más.]",
    "¿Alguien tiene [una escalera|una tienda de campaña|un taladro] para [el sábado|esta tarde]? [Llevo pastel.|La devuelvo el lunes.|Paso a recogerla.]",
    "He hecho [lentejas|tortilla|pan|sopa de pescado] [sin receta|como mi abuela|por primera vez]. [No quedó nada.|Falta sal.|Repetimos mañana.]",
    "[El tren|El autobús|El ferri] llegó [tarde|con música|a la hora, increíble]. [Así es la vida.|Aproveché para leer.|Caminamos.]", NULL };
const char *const demo_posts_french[] = {
    "[Ce matin|Hier soir|À l'instant] [au port|au marché|à la gare|sur la digue] : [du brouillard|du soleil|des mouettes|une petite pluie] et [le calme|un accordéon|une odeur de pain]. [C'était beau.|Rien de plus.]",
    "Qui peut me prêter [une échelle|une tente|une perceuse] [samedi|ce soir] ? [J'apporte un gâteau.|Je la rends lundi.]",
    "J'ai fait [une soupe|un pain|une tarte aux prunes] [sans recette|comme ma grand-mère|pour la première fois]. [Il ne reste rien.|Un peu trop cuit.|À refaire.]",
    "[Le train|Le bus|Le bac] est arrivé [en retard|à l'heure|en musique]. [C'est comme ça.|J'ai lu.|On a marché.]", NULL };

static const struct demo_topic topics[] = {
    { "harbour", "harbour|boats|saltmere|sea", "by the water whenever I can|I know every berth|sails, badly", "boat", harbour_posts, harbour_tails, harbour_replies },
    { "garden", "garden|allotment|seedswap|vegetables", "plot 14, allotments|grows more beans than one can eat|hands in the soil", "plant", garden_posts, garden_tails, garden_replies },
    { "football", "football|rovers|saltmere", "Rovers until I die|left back, once|washes the shirts of the under-9s", "match", football_posts, football_tails, football_replies },
    { "council", "council|saltmere|townhall|mobility", "reads agendas for fun|for more benches|sits in the council, talks here as myself", "matter", council_posts, council_tails, council_replies },
    { "cooking", "recipes|baking|cooking|leftovers", "cooks too much|bread on Thursdays|collects recipes of other people's grandmothers", "dish", cooking_posts, cooking_tails, cooking_replies },
    { "trains", "trains|branchline|timetable", "knows the timetable by heart|travels by rail|models in 1:87", "train", train_posts, train_tails, train_replies },
    { "repair", "repaircafe|mending|righttorepair", "repair café, every second Saturday|mends things|owns a soldering iron and no patience", "broken", repair_posts, repair_tails, repair_replies },
    { "books", "books|reading|library", "reads on the bus|three books at once|reading circle, Thursdays", "book", book_posts, book_tails, book_replies },
    { "music", "music|choir|shanty|jazz", "sings alto|second trombone|plays when nobody listens", "music", music_posts, music_tails, music_replies },
    { "cycling", "cycling|bike|slowride", "by bike in any weather|slow rides, Fridays|carries everything on a cargo bike", "ride", ride_posts, ride_tails, ride_replies },
    { "birds", "birds|birding|nature|dyke", "counts birds on the dyke|binoculars in every bag|up before the larks", "bird", bird_posts, bird_tails, bird_replies },
    { "pets", "pets|shelter|dogsofsaltmere|cats", "lives with a greyhound|servant of two cats|fosters kittens", "pet", pet_posts, pet_tails, pet_replies },
    { "computers", "homelab|code|selfhosting|libraryhelp", "small computers, big plans|helps at the library, Thursdays|writes software that stays at home", "gadget", tech_posts, tech_tails, tech_replies },
    { "school", "school|saltmere|parents", "three children, two bicycles|teaches, learns|school kitchen, year round", "school", school_posts, school_tails, school_replies },
    { "sky", "astronomy|nightsky|moon", "looks up|telescope on the common|sleeps late, for good reasons", "sky", sky_posts, sky_tails, sky_replies },
    { "history", "history|archive|saltmere", "digs in archives|walks and tells old stories|scans other people's photos", "past", past_posts, past_tails, past_replies },
};
/* clang-format on */

const struct demo_topic *demo_topic_at(size_t i)
{
    return i < sizeof topics / sizeof topics[0] ? &topics[i] : NULL;
}

const struct demo_list *demo_list_at(size_t i)
{
    return i < sizeof lists / sizeof lists[0] ? &lists[i] : NULL;
}
