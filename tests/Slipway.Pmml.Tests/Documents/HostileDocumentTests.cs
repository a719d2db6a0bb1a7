using System.Text;
using Slipway.Core;
using Slipway.Pmml.Compilation;
using Slipway.Pmml.Documents;
using Slipway.Pmml.Tests.Conformance;
using Slipway.TestKit;

namespace Slipway.Pmml.Tests.Documents;

public sealed class HostileDocumentTests
{
    [Fact]
    public void Entities_that_expand_into_each_other_are_refused()
    {
        string text = """
            <?xml version="1.0"?>
            <!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
            <PMML version="4.4"><Header description="&c;"/></PMML>
            """;
        Assert.Contains("DOCTYPE", Refusal(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void External_entities_are_refused_and_never_opened()
    {
        Assert.SkipWhen(Assets.Root is null, Assets.Missing);
        foreach (string file in Directory.EnumerateFiles(Assets.PathOf("pmml/hostile")))
        {
            Assert.Contains("DOCTYPE", Assert.Throws<SlipwayException>(() => RowEvaluator.Read(file)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Elements_nested_too_deep_are_refused()
    {
        StringBuilder text = new("<PMML version=\"4.4\">");
        for (int i = 0; i < 100_000; i++)
        {
            text.Append("<Node>");
        }

        Assert.Contains("levels deep", Refusal(text.ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_elements_than_the_size_allows_are_refused()
    {
        StringBuilder text = new("<PMML version=\"4.4\">");
        for (int i = 0; i < 700_000; i++)
        {
            text.Append("<a/>");
        }

        Assert.Contains("elements", Refusal(text.Append("</PMML>").ToString()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Array_that_claims_more_than_it_holds_is_refused()
    {
        string model = """
            <SupportVectorMachineModel functionName="regression"><MiningSchema><MiningField name="a"/></MiningSchema><LinearKernelType/>
            <VectorDictionary><VectorFields><FieldRef field="a"/></VectorFields><VectorInstance id="1"><REAL-SparseArray n="49000000"/></VectorInstance></VectorDictionary>
            <SupportVectorMachine><SupportVectors><SupportVector vectorId="1"/></SupportVectors><Coefficients><Coefficient value="1"/></Coefficients></SupportVectorMachine></SupportVectorMachineModel>
            """;
        Assert.Equal(ErrorCode.InvalidModel, Refusal(PmmlTexts.Document("""<DataField name="a" optype="continuous" dataType="double"/>""", model)).Code);
    }

    [Fact]
    public void Functions_that_grow_without_end_when_written_out_are_refused()
    {
        StringBuilder functions = new("""<DefineFunction name="f0" optype="continuous"><ParameterField name="x"/><FieldRef field="x"/></DefineFunction>""");
        for (int i = 1; i < 40; i++)
        {
            string inner = $"""<Apply function="f{i - 1}"><FieldRef field="x"/></Apply>""";
            functions.Append($"""<DefineFunction name="f{i}" optype="continuous"><ParameterField name="x"/><Apply function="+">{inner}{inner}</Apply></DefineFunction>""");
        }

        SlipwayException refusal = Refusal(PmmlTexts.Expression("""<Apply function="f39"><FieldRef field="a"/></Apply>""", functions.ToString()));
        Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
    }

    [Fact]
    public void Function_that_calls_itself_is_refused()
    {
        string function = """<DefineFunction name="f" optype="continuous"><ParameterField name="x"/><Apply function="f"><FieldRef field="x"/></Apply></DefineFunction>""";
        Assert.Contains("levels deep", Refusal(PmmlTexts.Expression("""<Apply function="f"><FieldRef field="a"/></Apply>""", function)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Derived_field_that_depends_on_itself_is_refused()
    {
        string fields = """
            <DerivedField name="p" optype="continuous" dataType="double"><FieldRef field="q"/></DerivedField>
            <DerivedField name="q" optype="continuous" dataType="double"><FieldRef field="p"/></DerivedField>
            """;
        Assert.Contains("depends on itself", Refusal(PmmlTexts.Expression("""<FieldRef field="p"/>""", fields)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chain_of_derived_fields_longer_than_a_stack_is_refused()
    {
        StringBuilder fields = new("""<DerivedField name="f0" optype="continuous" dataType="double"><FieldRef field="a"/></DerivedField>""");
        for (int i = 1; i < 20_000; i++)
        {
            fields.Append($"""<DerivedField name="f{i}" optype="continuous" dataType="double"><FieldRef field="f{i - 1}"/></DerivedField>""");
        }

        Assert.Contains("levels deep", Refusal(PmmlTexts.Expression("""<FieldRef field="f19999"/>""", fields.ToString())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tree_as_deep_as_documents_may_be_is_evaluated()
    {
        const int depth = 900;
        StringBuilder tree = new();
        for (int i = 0; i < depth; i++)
        {
            tree.Append($"""<Node score="{i}">""").Append(i == 0 ? "<True/>" : $"""<SimplePredicate field="a" operator="greaterThan" value="{i}"/>""");
        }

        for (int i = 0; i < depth; i++)
        {
            tree.Append("</Node>");
        }

        RowEvaluator model = RowEvaluator.Parse(PmmlTexts.Document(
            """<DataField name="a" optype="continuous" dataType="double"/>""",
            $"""<TreeModel functionName="regression" noTrueChildStrategy="returnLastPrediction"><MiningSchema><MiningField name="a"/></MiningSchema>{tree}</TreeModel>"""));
        model.Evaluate(_ => "500.5");
        Assert.Equal("500", model.Special("$target", null));
    }

    [Fact]
    public void Document_cut_anywhere_is_refused_or_read_but_never_a_fault()
    {
        byte[] whole = Encoding.UTF8.GetBytes(PmmlTexts.Regression);
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            SlipwayException refusal = Assert.Throws<SlipwayException>(() => Load(cut));
            Assert.Equal(ErrorCode.InvalidModel, refusal.Code);
        }
    }

    [Fact]
    public void Document_with_damaged_bytes_is_refused_or_read_but_never_a_fault()
    {
        byte[] whole = Encoding.UTF8.GetBytes(PmmlTexts.Regression);
        Random random = new(42);
        for (int round = 0; round < 3_000; round++)
        {
            byte[] damaged = [.. whole];
            for (int i = 0; i < 3; i++)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                Load(damaged);
            }
            catch (SlipwayException refusal)
            {
                Assert.True(refusal.Code is ErrorCode.InvalidModel or ErrorCode.NotSupported, refusal.Message);
            }
        }
    }

    private static SlipwayException Refusal(string text) => Assert.Throws<SlipwayException>(() => Load(Encoding.UTF8.GetBytes(text)));

    private static void Load(byte[] bytes) =>
        PmmlPlan.Compile(PmmlReader.Read(new MemoryStream(bytes), bytes.Length, PmmlLimits.Default, CancellationToken.None), null, CancellationToken.None);
}
