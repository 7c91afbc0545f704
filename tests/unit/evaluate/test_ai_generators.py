import pytest

from packshot.evaluate.ai_generators import generator_of, generators

PROGRAMS = {
    "DALL·E 3": "OpenAI",
    "Azure OpenAI DALL-E": "OpenAI",
    "ChatGPT": "OpenAI",
    "AI generated;txt2img;flux": "FLUX",
    "Made with Google AI": "Google AI",
    "Midjourney v6.1": "Midjourney",
    "Adobe Firefly": "Adobe Firefly",
    "NovelAI": "NovelAI",
    "Ideogram AI": "Ideogram",
    'prompt:{"3": {"class_type": "KSampler"}}': "ComfyUI",
    "Adobe Photoshop 25.0 (Windows)": None,
    "Adobe Lightroom 7.1": None,
    "Gimini Optics": None,
    "DALLMEIER electronic": None,
    "Fluxus": None,
}
TEXTS = {
    ("parameters", "a mug\nNegative prompt: x\nSteps: 20, Sampler: Euler a, CFG scale: 7"): "Stable Diffusion web UI",
    ("UserComment", "a mug\nSteps: 20, Seed: 4"): "Stable Diffusion web UI",
    ("parameters", '{"sui_image_params": {"prompt": "a mug"}}'): "SwarmUI",
    ("prompt", '{"3": {"inputs": {}, "class_type": "KSampler"}}'): "ComfyUI",
    ("workflow", '{"last_node_id": 9, "nodes": []}'): "ComfyUI",
    ("invokeai_metadata", "{}"): "InvokeAI",
    ("fooocus_scheme", "fooocus"): "Fooocus",
    ("Description", "a mug --v 6 Job ID: 1f2e3d4c-0000-0000-0000-000000000000"): "Midjourney",
    ("parameters", "ISO 100, f/8"): None,
    ("prompt", "say cheese"): None,
    ("UserComment", "Steps of the town hall"): None,
    ("Description", "a mug"): None,
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_is_told_by_its_name(program):
    assert generator_of([program], []) == PROGRAMS[program]


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text[1][:30])
def test_settings_tell_the_program_that_wrote_them(text):
    assert generator_of([], [text]) == TEXTS[text]


def test_every_generator_has_its_source_and_a_trace():
    assert len({generator.name for generator in generators()}) == len(generators())
    for generator in generators():
        assert generator.source.startswith("https://")
        assert generator.named or generator.keys
