using Microsoft.Extensions.DependencyInjection;
using Slipway.Registry.Worker;

// Arguments: a task and its own arguments. Environment: where the store is, and after how many steps to die; see StoreSettings and Death.
Death.Arm();
await using ServiceProvider services = StoreSettings.FromEnvironment().Open(TimeSpan.Zero);
switch (args)
{
    case ["aliases", string name, string clients, string operations, string seed]:
        await AliasClients.RunAsync(services, name, Number(clients), Number(operations), Number(seed));
        break;
    case ["publish", string model, string content]:
        await Publishing.RunAsync(services, model, content);
        break;
    case ["sample"]:
        await Sample.FillAsync(services);
        Console.WriteLine(await Sample.DescribeAsync(services));
        return 0;
    default:
        Console.Error.WriteLine("usage: aliases NAME CLIENTS OPERATIONS SEED | publish MODEL CONTENT | sample");
        return 2;
}

Console.WriteLine($"steps {Death.Steps}");
return 0;

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
