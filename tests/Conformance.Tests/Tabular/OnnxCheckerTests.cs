using Microsoft.Extensions.DependencyInjection;
using Slipway.Conformance.Tests.Boosters;
using Slipway.Conformance.Tests.Sklearn;
using Slipway.Core;
using Slipway.Formats;
using Slipway.Server.Hosting;
using Slipway.TestKit;

namespace Slipway.Conformance.Tests.Tabular;

/// <summary>What the converters write, judged by ONNX's own checker with full type and shape inference.</summary>
[Trait("Category", "Slow")]
public sealed class OnnxCheckerTests
{
    // The packaged checker may be older than the operator sets that are written. It is then given the newest that it knows, and models with an operator that changed since are
    // left to the engine: reductions take their axes as an input since 18, Equal takes text since 19.
    private const string Script = """
        import glob, onnx, sys
        from onnx import checker, defs
        newest = defs.onnx_opset_version()

        def changed_since(graph):
            for node in graph.node:
                if node.op_type.startswith('Reduce') and node.op_type != 'ReduceSum' and len(node.input) > 1:
                    return True
                if any(changed_since(attribute.g) for attribute in node.attribute if attribute.HasField('g')):
                    return True
            return False

        judged, failed = 0, 0
        for path in sorted(glob.glob('*.onnx')):
            model = onnx.load(path)
            if newest < 19:
                if changed_since(model.graph):
                    continue
                model.ir_version = min(model.ir_version, 8)
                for opset in model.opset_import:
                    opset.version = min(opset.version, newest if opset.domain == '' else 3)
            try:
                checker.check_model(model, full_check=True)
                judged += 1
            except Exception as error:
                text = str(error).replace('\n', ' ')
                if newest < 19 and 'tensor(string)' in text and 'Equal' in text:
                    continue
                failed += 1
                print(path, text[:400])
        print(judged, 'judged')
        sys.exit(1 if failed or judged < 50 else 0)
        """;

    [Fact]
    public async Task Every_converted_model_passes_the_full_check()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        Assert.SkipUnless(await PythonProcess.HasAsync("onnx"), "needs python3-onnx");
        using TemporaryFolder folder = new();
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddShippedFormats().BuildServiceProvider();
        ModelConverter converter = services.GetRequiredService<ModelConverter>();
        int written = 0;
        foreach (string file in SklearnCase.Names("sklearn").SelectMany(static name => SklearnCase.Find(name).ModelFiles)
            .Concat(BoosterCase.Names.Where(static name => !name.Contains('@', StringComparison.Ordinal)).SelectMany(static name => BoosterCase.Find(name).ModelFiles)))
        {
            try
            {
                Slipway.Formats.ConvertedModel converted = await converter.ConvertAsync(StandaloneModel.Open(file), null, TestContext.Current.CancellationToken);
                folder.Write($"{written++}-{Path.GetFileName(file)}.onnx", converted.Onnx.Span);
            }
            catch (SlipwayException refused) when (refused.Code == ErrorCode.NotSupported)
            {
                // Which these are is the conformance tests' to say.
            }
        }

        Assert.True(written > 50, $"only {written} models were converted");
        (int exit, string output) = await PythonProcess.RunAsync(folder.Root, Script);
        Assert.True(exit == 0, output);
    }
}
