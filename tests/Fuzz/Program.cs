using System.Diagnostics;
using System.Globalization;
using Slipway.Core;
using Slipway.Fuzz;
using Slipway.Fuzz.Targets;

// Fuzz [--seconds N] [--seed N] [TARGET …]: each target for N seconds (default 5). Status 1 when something was found; the input is written as hex.
List<IFuzzTarget> targets =
[
    new GrpcFramesTarget(), new ModelInferTarget(), new PredictTarget(),
    new InferJsonTarget(), new GenerateJsonTarget(), new ImageTarget(), new RulesTarget(), new InferBinaryTarget(), new TensorFlowJsonTarget(), new InvocationTarget(),
    new MlflowFilterTarget(), new MlflowInvocationTarget(),
    new KerasTarget(), new PmmlTarget(),
    new SavedModelTarget(), new SavedModelTextTarget(), new VariablesTarget(),
    new PickleTarget(), new BoosterTarget(),
];
TimeSpan limit = TimeSpan.FromSeconds(5);
int seed = Environment.TickCount;
List<string> names = [];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seconds" when i + 1 < args.Length:
            limit = TimeSpan.FromSeconds(double.Parse(args[++i], CultureInfo.InvariantCulture));
            break;
        case "--seed" when i + 1 < args.Length:
            seed = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        default:
            names.Add(args[i]);
            break;
    }
}

string[] unknown = [.. names.Where(name => targets.TrueForAll(target => target.Name != name))];
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"no target {string.Join(", ", unknown)}; there are {string.Join(", ", targets.Select(static target => target.Name))}");
    return 2;
}

int findings = 0;
foreach (IFuzzTarget target in targets.Where(target => names.Count == 0 || names.Contains(target.Name)))
{
    Mutator mutator = new(target.Seeds, seed);
    long inputs = 0;
    long refused = 0;
    Stopwatch watch = Stopwatch.StartNew();
    while (watch.Elapsed < limit)
    {
        byte[] input = mutator.Next();
        inputs++;
        try
        {
            await target.ReadAsync(input);
        }
        catch (SlipwayException failure) when (failure.Code != ErrorCode.Internal)
        {
            refused++;
        }
        catch (Exception exception)
        {
            findings++;
            Console.Error.WriteLine($"{target.Name}: {Convert.ToHexString(input)}{Environment.NewLine}{exception}");
            break;
        }
    }

    Console.WriteLine($"{target.Name}: {inputs} inputs, {refused} refused, seed {seed}");
}

return findings == 0 ? 0 : 1;
