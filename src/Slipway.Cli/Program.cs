using Slipway.Cli;
using Slipway.Cli.Terminal;

return await SlipwayCommand.RunAsync(args, CliTerminal.OfProcess());
